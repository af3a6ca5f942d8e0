"""A SCIM 2.0 server with people in it.

    python scim.py TOKEN USERS

Every user is in the group Everyone, every third in SecOps. Prints {"address": "..."} once it listens, and serves until
its standard input closes.
"""

import json
import sys
import threading
import urllib.request
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from scim2_models import ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.utils import load_default_resource_types, load_default_schemas, load_default_service_provider_config

TOKEN, USERS = sys.argv[1], int(sys.argv[2])
CORE = "urn:ietf:params:scim:schemas:core:2.0"


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, *_):
        pass


provider = ScimProvider.from_discovery(
    load_default_schemas().values(),
    load_default_resource_types().values(),
    config=load_default_service_provider_config(),
)
application = BearerTokenApplication(
    InMemoryStorage(), provider, service=ScimService(provider, secret="of-a-test"), bearer_tokens=[TOKEN]
)
server = make_server("127.0.0.1", 0, application, server_class=Threads, handler_class=Silent)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/v2"


def add(kind, resource):
    request = urllib.request.Request(
        f"{address}/{kind}",
        json.dumps(resource).encode(),
        {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"},
    )
    return json.load(urllib.request.urlopen(request))["id"]


users = [
    add("Users", {"schemas": [f"{CORE}:User"], "userName": f"user{n}", "emails": [{"value": f"p{n}@acme.example"}]})
    for n in range(USERS)
]
for name, members in {"Everyone": users, "SecOps": users[::3]}.items():
    members = [{"value": user, "type": "User"} for user in members]
    add("Groups", {"schemas": [f"{CORE}:Group"], "displayName": name, "members": members})

print(json.dumps({"address": address}), flush=True)
sys.stdin.read()
