"""Unit tests of the Zaqar plugins."""

import itertools
from unittest import mock

import plugin_case
import pytest
from rally import exceptions
from rally_openstack.task.cleanup import manager

plugin_case.load("zaqar")

CREATE_AND_LIST = "ZaqarQueues.create_and_list_queues"
UPDATE = "ZaqarQueues.create_update_and_delete_queue"
POST_AND_LIST = "ZaqarMessages.post_and_list_messages"
CONSUME = "ZaqarMessages.post_claim_and_consume_messages"
SUBSCRIBE = "ZaqarSubscriptions.create_and_list_subscriptions"
UPDATE_SUBSCRIPTION = (
    "ZaqarSubscriptions.create_update_and_delete_subscription"
)
ALL = [
    CREATE_AND_LIST,
    UPDATE,
    POST_AND_LIST,
    CONSUME,
    SUBSCRIBE,
    UPDATE_SUBSCRIPTION,
]


class Fault(Exception):
    """What the fake raises in the middle of an iteration."""


class FakeZaqar:
    """Zaqar and its client in memory, as far as the plugins use them."""

    def __init__(self):
        self.stored = {}
        self.subscribed = {}
        self.fail_on = None
        self.ids = itertools.count()

    def calls(self, name):
        if name == self.fail_on:
            raise Fault(name)

    def queue(self, name, force_create=False):
        self.calls("queue")
        if force_create:
            self.stored.setdefault(name, FakeQueue(self, name))
        return FakeQueue(self, name)

    def queues(self, limit=10, marker=""):
        self.calls("queues")
        names = [n for n in sorted(self.stored) if n > marker][:limit]
        return iter([FakeQueue(self, n) for n in names]), None

    def subscription(self, queue_name, id=None, **data):
        if id is None:
            self.calls("subscription")
            id = "%04d" % next(self.ids)
            self.stored.setdefault(queue_name, FakeQueue(self, queue_name))
            self.subscribed[id] = dict(data, queue_name=queue_name)
        return FakeSubscription(self, id)


class FakeQueue:
    """A handle of a queue; the contents are those of the stored queue."""

    def __init__(self, zaqar, name):
        self.zaqar = zaqar
        self.name = name
        self.content = []
        self.meta = {"_default_message_ttl": 3600}

    @property
    def it(self):
        return self.zaqar.stored[self.name]

    def metadata(self, new_meta=None, force_reload=False):
        self.zaqar.calls("metadata")
        if new_meta is not None:
            self.it.meta = dict(new_meta, _default_message_ttl=3600)
        return self.it.meta

    @property
    def stats(self):
        self.zaqar.calls("stats")
        return {"messages": {"total": len(self.it.content)}}

    def post(self, messages):
        self.zaqar.calls("post")
        self.it.content.extend(messages)

    def messages(self, echo=False, limit=10):
        self.zaqar.calls("messages")
        return FakePages(self.it.content if echo else [], limit)

    def claim(self, ttl, grace, limit):
        self.zaqar.calls("claim")
        return FakeClaim(self, self.it.content[:limit])

    def subscriptions(self, marker=None, limit=20):
        self.zaqar.calls("subscriptions")
        ids = sorted(
            i
            for i, data in self.zaqar.subscribed.items()
            if data["queue_name"] == self.name and i > (marker or "")
        )
        return iter([FakeSubscription(self.zaqar, i) for i in ids[:limit]])

    def delete(self):
        self.zaqar.calls("delete_queue")
        self.zaqar.stored.pop(self.name, None)


class FakePages:
    """The client's iterator: one page, unless it streams."""

    def __init__(self, content, limit):
        self.content = content
        self.limit = limit

    def __iter__(self):
        return iter(self.content[: self.limit])

    def stream(self):
        return iter(self.content)


class FakeClaim:
    """A claim with its messages."""

    def __init__(self, queue, content):
        self.queue = queue
        self.content = content
        self.delete = mock.Mock(side_effect=lambda: queue.zaqar.calls("free"))

    def __iter__(self):
        return iter([FakeMessage(self.queue, m) for m in self.content])


class FakeMessage:
    """A claimed message."""

    def __init__(self, queue, message):
        self.queue = queue
        self.message = message

    def delete(self):
        self.queue.zaqar.calls("consume")
        self.queue.it.content.remove(self.message)


class FakeSubscription:
    """A handle of a subscription."""

    def __init__(self, zaqar, id):
        self.zaqar = zaqar
        self.id = id
        for key, value in zaqar.subscribed[id].items():
            setattr(self, key, value)

    def update(self, data):
        self.zaqar.calls("update_subscription")
        self.zaqar.subscribed[self.id].update(data)

    def delete(self):
        self.zaqar.calls("delete_subscription")
        del self.zaqar.subscribed[self.id]


@pytest.fixture
def zaqar():
    """Return a fake Zaqar, in which somebody else has a queue."""
    fake = FakeZaqar()
    fake.subscription("keep", subscriber="http://example.org", ttl=60)
    return fake


def clients_of(zaqar):
    clients = mock.Mock()
    clients.zaqar.return_value = zaqar
    return clients


def rest(zaqar):
    return sorted(zaqar.stored), [
        s["queue_name"] for s in zaqar.subscribed.values()
    ]


NOTHING = (["keep"], ["keep"])


@pytest.mark.parametrize("name", ALL)
def test_reports_what_is_documented(zaqar, name):
    scenario = plugin_case.make(name, clients_of(zaqar))

    scenario.run()

    assert plugin_case.atomics(scenario) == plugin_case.measures("zaqar", name)


@pytest.mark.parametrize("name", [UPDATE, POST_AND_LIST, CONSUME])
def test_deletes_its_queue(zaqar, name):
    plugin_case.make(name, clients_of(zaqar)).run()

    assert rest(zaqar) == NOTHING


def test_deletes_its_subscription_and_queue(zaqar):
    plugin_case.make(UPDATE_SUBSCRIPTION, clients_of(zaqar)).run()

    assert rest(zaqar) == NOTHING


def test_list_queues_walks_over_all_pages(zaqar):
    for i in range(45):
        zaqar.queue("a%02d" % i, force_create=True)

    plugin_case.make(CREATE_AND_LIST, clients_of(zaqar)).run()


def test_list_without_the_queue_fails(zaqar):
    zaqar.queues = lambda **kwargs: (iter([]), None)

    with pytest.raises(exceptions.RallyAssertionError):
        plugin_case.make(CREATE_AND_LIST, clients_of(zaqar)).run()


def test_sets_the_given_metadata(zaqar):
    with mock.patch.object(FakeQueue, "delete"):
        plugin_case.make(UPDATE, clients_of(zaqar)).run({"colour": "blue"})

    (queue,) = [q for n, q in zaqar.stored.items() if n != "keep"]
    assert queue.meta["colour"] == "blue"


def test_metadata_that_are_not_kept_fail(zaqar):
    with mock.patch.object(FakeQueue, "metadata", return_value={}):
        with pytest.raises(exceptions.RallyAssertionError):
            plugin_case.make(UPDATE, clients_of(zaqar)).run()


def test_posts_as_many_messages_as_told(zaqar):
    with mock.patch.object(FakeQueue, "delete"):
        plugin_case.make(POST_AND_LIST, clients_of(zaqar)).run(33, ttl=90)

    (queue,) = [q for n, q in zaqar.stored.items() if n != "keep"]
    assert [m["ttl"] for m in queue.content] == [90] * 33


def test_incomplete_list_of_messages_fails(zaqar):
    with mock.patch.object(FakePages, "stream", return_value=iter([1])):
        with pytest.raises(exceptions.RallyAssertionError):
            plugin_case.make(POST_AND_LIST, clients_of(zaqar)).run()


def test_incomplete_claim_fails(zaqar):
    with mock.patch.object(FakeClaim, "__iter__", return_value=iter([])):
        with pytest.raises(exceptions.RallyAssertionError):
            plugin_case.make(CONSUME, clients_of(zaqar)).run()


def test_message_that_is_left_fails(zaqar):
    with mock.patch.object(FakeMessage, "delete"):
        with pytest.raises(exceptions.RallyAssertionError):
            plugin_case.make(CONSUME, clients_of(zaqar)).run()


def test_subscription_that_is_not_listed_fails(zaqar):
    with mock.patch.object(FakeQueue, "subscriptions", return_value=iter([])):
        with pytest.raises(exceptions.RallyAssertionError):
            plugin_case.make(SUBSCRIBE, clients_of(zaqar)).run()


@pytest.mark.parametrize("lost", ["subscriber", "ttl"])
def test_update_of_subscription_that_is_not_kept_fails(zaqar, lost):
    def update(subscription, data):
        kept = {k: v for k, v in data.items() if k != lost}
        zaqar.subscribed[subscription.id].update(kept)

    with mock.patch.object(FakeSubscription, "update", update):
        with pytest.raises(exceptions.RallyAssertionError):
            plugin_case.make(UPDATE_SUBSCRIPTION, clients_of(zaqar)).run()


@pytest.mark.parametrize(
    "name, fault",
    [
        (CREATE_AND_LIST, "queues"),
        (UPDATE, "metadata"),
        (POST_AND_LIST, "post"),
        (POST_AND_LIST, "messages"),
        (CONSUME, "claim"),
        (CONSUME, "consume"),
        (CONSUME, "stats"),
        (SUBSCRIBE, "subscription"),
        (SUBSCRIBE, "subscriptions"),
        (UPDATE_SUBSCRIPTION, "update_subscription"),
        (UPDATE_SUBSCRIPTION, "delete_subscription"),
        (UPDATE_SUBSCRIPTION, "delete_queue"),
    ],
)
def test_failure_in_the_middle_leaves_nothing(zaqar, name, fault):
    scenario = plugin_case.make(name, clients_of(zaqar))
    zaqar.fail_on = fault
    with pytest.raises(Fault):
        scenario.run()
    assert rest(zaqar) != NOTHING
    zaqar.fail_on = None

    plugin_case.clean_up(name, clients_of(zaqar))

    assert rest(zaqar) == NOTHING


def test_cleanup_walks_over_all_pages(zaqar):
    scenario = plugin_case.make(SUBSCRIBE, clients_of(zaqar))
    for _i in range(41):
        queue = scenario._create_queue()
    for i in range(41):
        scenario._create_subscription(queue, "http://example.org/%d" % i, 60)

    plugin_case.clean_up(SUBSCRIBE, clients_of(zaqar))

    assert rest(zaqar) == NOTHING


def test_cleanup_of_stock_scenarios_takes_in_ours():
    names = {m.__name__ for m in manager.find_resource_managers(["zaqar"])}

    assert {"ZaqarSubscription", "ZaqarQueue"} <= names


def test_subscriptions_are_deleted_before_queues():
    order = [
        m.__name__
        for m in manager.find_resource_managers(
            ["zaqar.queue", "zaqar.subscription"]
        )
    ]

    assert order == ["ZaqarSubscription", "ZaqarQueue"]
