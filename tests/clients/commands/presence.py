"""A program with MSAL for Python, as its documentation has it; only the ids are those of the demo tenant."""

import sys

import msal
import requests

app = msal.ConfidentialClientApplication(
    "00001111-aaaa-2222-bbbb-3333cccc4444",
    authority="https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee",
    client_credential="demo-secret",
)
scopes = ["https://graph.microsoft.com/.default"]


def acquire():
    found = app.acquire_token_silent(scopes, account=None)
    return ("cache", found) if found else ("identity_provider", app.acquire_token_for_client(scopes))


print(acquire()[0])
source, token = acquire()
print(source)
answer = requests.get(
    sys.argv[1], headers={"Authorization": "Bearer " + token["access_token"]}, timeout=30
)
print(answer.text)
