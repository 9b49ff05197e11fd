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
"""A scenario for Keystone that issues, validates and revokes tokens."""

from keystoneclient import exceptions
from rally.task import atomic
from rally.task import scenario
from rally.task import validation
from rally_openstack.common import consts
from rally_openstack.task.scenarios.keystone import basic


@validation.add("required_services", services=[consts.Service.KEYSTONE])
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    name="KeystoneTokens.issue_validate_and_revoke_token",
    platform="openstack",
)
class IssueValidateAndRevokeToken(basic.KeystoneBasic):
    """Issue a token, validate it, revoke it and check that it is invalid."""

    def run(self) -> None:
        """Issue, validate and revoke a token of an ordinary user.

        This is a second token: the user keeps the token of its session. The
        iteration fails if Keystone still accepts the token after the user
        revokes it. Tokens need no cleanup: Keystone does not store them, and
        they expire.
        """
        token = self.keystone.fetch_token()
        self.keystone.validate_token(token)
        self._revoke_token(token)
        self._validate_revoked_token(token)

    @atomic.action_timer("keystone_v3.revoke_token")
    def _revoke_token(self, token: str) -> None:
        """Revoke a token.

        :param token: the token to revoke
        """
        self.clients("keystone", version="3").tokens.revoke_token(token)

    @atomic.action_timer("keystone_v3.validate_revoked_token")
    def _validate_revoked_token(self, token: str) -> None:
        """Check that Keystone rejects a revoked token.

        :param token: the revoked token
        """
        accepted = True
        try:
            self.clients("keystone", version="3").tokens.validate(token)
        except exceptions.NotFound:
            accepted = False
        self.assertFalse(accepted, err_msg="The revoked token is accepted")
