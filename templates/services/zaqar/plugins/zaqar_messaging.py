# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.
"""Scenarios for Zaqar: queues, messages, claims and subscriptions.

The scenarios use version 2 of the API through zaqarclient. By default, its
queue() makes no request, so the scenarios use force_create. Rally does not
know Zaqar's service type, so they cannot declare required_services.
"""

import typing as t

from rally.task import atomic
from rally.task import scenario
from rally.task import validation
from rally_openstack.task.scenarios.zaqar import utils

CLEANUP = {"cleanup@openstack": ["zaqar.subscription", "zaqar.queue"]}
PAGE_SIZE = 20
SUBSCRIBER = "http://127.0.0.1:9/rally"

MessageCount = t.Annotated[int, scenario.Field(ge=1)]
# By default, a claim returns at most 20 messages.
ClaimableCount = t.Annotated[int, scenario.Field(ge=1, le=20)]
# The scenario reads one page of the list of subscriptions.
PageCount = t.Annotated[int, scenario.Field(ge=1, le=PAGE_SIZE)]
# By default, messages, claims and subscriptions live for at least a minute.
Ttl = t.Annotated[int, scenario.Field(ge=60)]


class ZaqarMessaging(utils.ZaqarScenario):
    """Atomic actions that Rally lacks."""

    @atomic.action_timer("zaqar.create_queue")
    def _create_queue(self) -> t.Any:
        """Create a queue with a random name.

        :returns: the queue
        """
        name = self.generate_random_name()
        return self.clients("zaqar").queue(name, force_create=True)

    @atomic.action_timer("zaqar.list_queues")
    def _list_queues(self) -> list[t.Any]:
        """List the queues of the project, page by page.

        :returns: list of queues
        """
        queues: list[t.Any] = []
        marker: dict[str, str] = {}
        while True:
            iterator, _count = self.clients("zaqar").queues(
                limit=PAGE_SIZE, **marker
            )
            page = list(iterator)
            queues.extend(page)
            if len(page) < PAGE_SIZE:
                return queues
            marker = {"marker": page[-1].name}

    @atomic.action_timer("zaqar.update_queue")
    def _update_queue(self, queue: t.Any, metadata: dict[str, t.Any]) -> None:
        """Set the metadata of a queue, which the client reads first.

        :param queue: the queue
        :param metadata: the new metadata
        """
        queue.metadata(new_meta=metadata)

    @atomic.action_timer("zaqar.get_queue")
    def _get_queue(self, queue: t.Any) -> dict[str, t.Any]:
        """Get the metadata of a queue.

        :param queue: the queue
        :returns: the metadata
        """
        return queue.metadata(force_reload=True)

    @atomic.action_timer("zaqar.get_queue_stats")
    def _get_queue_stats(self, queue: t.Any) -> dict[str, t.Any]:
        """Count the messages of a queue.

        :param queue: the queue
        :returns: the numbers of free, claimed and all messages
        """
        return queue.stats["messages"]

    @atomic.action_timer("zaqar.post_messages")
    def _post_messages(self, queue: t.Any, count: int, ttl: int) -> None:
        """Post messages to a queue, in one request.

        :param queue: the queue
        :param count: number of messages
        :param ttl: lifetime of the messages, in seconds
        """
        queue.post([{"body": {"id": i}, "ttl": ttl} for i in range(count)])

    @atomic.action_timer("zaqar.list_messages")
    def _list_messages(self, queue: t.Any) -> list[t.Any]:
        """List the messages of a queue, page by page.

        :param queue: the queue
        :returns: list of messages, including those from this client
        """
        return list(queue.messages(echo=True, limit=PAGE_SIZE).stream())

    @atomic.action_timer("zaqar.claim_messages")
    def _claim_messages(
        self, queue: t.Any, count: int, ttl: int, grace: int
    ) -> t.Any:
        """Claim messages of a queue.

        :param queue: the queue
        :param count: maximum number of messages to claim
        :param ttl: lifetime of the claim, in seconds
        :param grace: extra lifetime of claimed messages, in seconds
        :returns: the claim, an iterator over its messages
        """
        return queue.claim(ttl=ttl, grace=grace, limit=count)

    @atomic.action_timer("zaqar.consume_messages")
    def _consume_messages(self, messages: list[t.Any]) -> None:
        """Delete claimed messages one by one, as a consumer does.

        :param messages: the claimed messages
        """
        for message in messages:
            message.delete()

    @atomic.action_timer("zaqar.release_claim")
    def _release_claim(self, claim: t.Any) -> None:
        """Release a claim.

        :param claim: the claim
        """
        claim.delete()

    @atomic.action_timer("zaqar.create_subscription")
    def _create_subscription(
        self, queue: t.Any, subscriber: str, ttl: int
    ) -> t.Any:
        """Create a subscription to a queue.

        :param queue: the queue
        :param subscriber: URL of the subscriber
        :param ttl: lifetime of the subscription, in seconds
        :returns: the subscription
        """
        return self.clients("zaqar").subscription(
            queue.name, subscriber=subscriber, ttl=ttl, options={}
        )

    @atomic.action_timer("zaqar.list_subscriptions")
    def _list_subscriptions(self, queue: t.Any) -> list[t.Any]:
        """List the subscriptions to a queue.

        :param queue: the queue
        :returns: list of at most 20 subscriptions
        """
        return list(queue.subscriptions(limit=PAGE_SIZE))

    @atomic.action_timer("zaqar.get_subscription")
    def _get_subscription(self, subscription: t.Any) -> t.Any:
        """Get a subscription.

        :param subscription: the subscription
        :returns: the subscription
        """
        return self.clients("zaqar").subscription(
            subscription.queue_name, id=subscription.id
        )

    @atomic.action_timer("zaqar.update_subscription")
    def _update_subscription(
        self, subscription: t.Any, subscriber: str, ttl: int
    ) -> None:
        """Update a subscription.

        :param subscription: the subscription
        :param subscriber: the new URL of the subscriber
        :param ttl: the new lifetime of the subscription, in seconds
        """
        subscription.update({"subscriber": subscriber, "ttl": ttl})

    @atomic.action_timer("zaqar.delete_subscription")
    def _delete_subscription(self, subscription: t.Any) -> None:
        """Delete a subscription.

        :param subscription: the subscription
        """
        subscription.delete()


@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context=CLEANUP,
    name="ZaqarQueues.create_and_list_queues",
    platform="openstack",
)
class CreateAndListQueues(ZaqarMessaging):
    """Create a queue and list all queues."""

    def run(self) -> None:
        """Create a queue and list all queues of the project.

        Every iteration adds a queue, so the list grows. The iteration fails if
        the new queue is not in the list.
        """
        queue = self._create_queue()
        names = [q.name for q in self._list_queues()]
        self.assertIn(queue.name, names)


@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context=CLEANUP,
    name="ZaqarQueues.create_update_and_delete_queue",
    platform="openstack",
)
class CreateUpdateAndDeleteQueue(ZaqarMessaging):
    """Create a queue, update its metadata and delete it."""

    def run(self, metadata: dict[str, t.Any] | None = None) -> None:
        """Create a queue, set and get its metadata, and delete it.

        The iteration fails if it does not get the metadata that it set.

        :param metadata: the metadata to set, a description by default
        """
        metadata = metadata or {"description": self.generate_random_name()}
        queue = self._create_queue()
        self._update_queue(queue, metadata)
        self.assertIsSubset(metadata.items(), self._get_queue(queue).items())
        self._queue_delete(queue)


@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context=CLEANUP,
    name="ZaqarMessages.post_and_list_messages",
    platform="openstack",
)
class PostAndListMessages(ZaqarMessaging):
    """Post messages to a queue and list them."""

    def run(self, message_count: MessageCount = 50, ttl: Ttl = 300) -> None:
        """Post messages to a new queue, list them, and delete the queue.

        The iteration fails if the list does not have all messages.

        :param message_count: number of messages to post
        :param ttl: lifetime of the messages, in seconds
        """
        queue = self._create_queue()
        self._post_messages(queue, message_count, ttl)
        self.assertEqual(message_count, len(self._list_messages(queue)))
        self._queue_delete(queue)


@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context=CLEANUP,
    name="ZaqarMessages.post_claim_and_consume_messages",
    platform="openstack",
)
class PostClaimAndConsumeMessages(ZaqarMessaging):
    """Post messages to a queue, claim and consume them."""

    def run(
        self,
        message_count: ClaimableCount = 20,
        ttl: Ttl = 300,
        claim_ttl: Ttl = 60,
        claim_grace: Ttl = 60,
    ) -> None:
        """Post messages to a new queue, claim and consume them all.

        The iteration fails if it cannot claim every message, or if the queue
        is not empty at the end.

        :param message_count: number of messages to post, and to claim at once
        :param ttl: lifetime of the messages, in seconds
        :param claim_ttl: lifetime of the claim, in seconds
        :param claim_grace: extra lifetime of claimed messages, in seconds
        """
        queue = self._create_queue()
        self._post_messages(queue, message_count, ttl)
        claim = self._claim_messages(
            queue, message_count, claim_ttl, claim_grace
        )
        messages = list(claim)
        self.assertEqual(message_count, len(messages))
        self._consume_messages(messages)
        self._release_claim(claim)
        self.assertEqual(0, self._get_queue_stats(queue)["total"])
        self._queue_delete(queue)


@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context=CLEANUP,
    name="ZaqarSubscriptions.create_and_list_subscriptions",
    platform="openstack",
)
class CreateAndListSubscriptions(ZaqarMessaging):
    """Create subscriptions to a queue and list them."""

    def run(
        self,
        subscription_count: PageCount = 5,
        subscriber: str = SUBSCRIBER,
        ttl: Ttl = 3600,
    ) -> None:
        """Create subscriptions to a new queue and list them.

        The scenario posts no messages, so Zaqar sends nothing to the
        subscribers. The iteration fails if a subscription is not in the list.

        :param subscription_count: number of subscriptions to create
        :param subscriber: URL of the subscribers, without the number that the
                           scenario appends
        :param ttl: lifetime of the subscriptions, in seconds
        """
        queue = self._create_queue()
        created = [
            self._create_subscription(queue, f"{subscriber}/{i}", ttl)
            for i in range(subscription_count)
        ]
        listed = [s.id for s in self._list_subscriptions(queue)]
        self.assertIsSubset([s.id for s in created], listed)


@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context=CLEANUP,
    name="ZaqarSubscriptions.create_update_and_delete_subscription",
    platform="openstack",
)
class CreateUpdateAndDeleteSubscription(ZaqarMessaging):
    """Create, update and delete a subscription to a queue."""

    def run(
        self,
        subscriber: str = SUBSCRIBER,
        updated_subscriber: str = SUBSCRIBER + "/updated",
        ttl: Ttl = 3600,
        updated_ttl: Ttl = 7200,
    ) -> None:
        """Create, update and delete a subscription to a new queue.

        The scenario posts no messages, so Zaqar sends nothing to the
        subscriber. The iteration fails if the update is not visible. The
        scenario deletes the subscription before the queue, because the
        subscription would outlive it.

        :param subscriber: URL of the subscriber
        :param updated_subscriber: URL of the subscriber after the update
        :param ttl: lifetime of the subscription, in seconds
        :param updated_ttl: lifetime after the update, in seconds
        """
        queue = self._create_queue()
        subscription = self._create_subscription(queue, subscriber, ttl)
        self._update_subscription(
            subscription, updated_subscriber, updated_ttl
        )
        found = self._get_subscription(subscription)
        self.assertEqual(updated_subscriber, found.subscriber)
        self.assertEqual(updated_ttl, found.ttl)
        self._delete_subscription(subscription)
        self._queue_delete(queue)
