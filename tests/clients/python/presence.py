"""Presence with the Microsoft Graph SDK for Python: what Graph's presence pages show, then each other operation once.

One PASS or FAIL a check; the status is 1 when one failed. It wants the demo tenant, and leaves it as it was.

  GRAPH_URL      https://localhost:5443   the server: Graph under /v1.0, tokens from the same origin
  THROTTLED_URL                           a second one, started with a low --throttle-limit; without it that check is skipped
  SIGN_IN                                 a program that signs a person in: SIGN_IN URL CODE; without it a person does
  SSL_CERT_FILE, REQUESTS_CA_BUNDLE       the server's authority, data/tls/ca.pem: httpx and aiohttp read the first, msal
                                          and requests the second
"""

import asyncio
import base64
import hmac
import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone

import jwt
import requests
from aiohttp import web
from azure.identity import ClientSecretCredential, DeviceCodeCredential
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from kiota_http.middleware.options import RetryHandlerOption
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.communications.get_presences_by_user_id.get_presences_by_user_id_post_request_body import (
    GetPresencesByUserIdPostRequestBody,
)
from msgraph.generated.communications.presences.item.clear_presence.clear_presence_post_request_body import (
    ClearPresencePostRequestBody as ClearCommunicationsPresencePostRequestBody,
)
from msgraph.generated.communications.presences.item.set_presence.set_presence_post_request_body import (
    SetPresencePostRequestBody as SetCommunicationsPresencePostRequestBody,
)
from msgraph.generated.communications.presences.presences_request_builder import PresencesRequestBuilder
from msgraph.generated.models.automatic_replies_setting import AutomaticRepliesSetting
from msgraph.generated.models.automatic_replies_status import AutomaticRepliesStatus
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.mailbox_settings import MailboxSettings
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.presence_status_message import PresenceStatusMessage
from msgraph.generated.models.subscription import Subscription
from msgraph.generated.models.work_location_type import WorkLocationType
from msgraph.generated.users.item.presence.clear_presence.clear_presence_post_request_body import (
    ClearPresencePostRequestBody,
)
from msgraph.generated.users.item.presence.set_automatic_location.set_automatic_location_post_request_body import (
    SetAutomaticLocationPostRequestBody,
)
from msgraph.generated.users.item.presence.set_manual_location.set_manual_location_post_request_body import (
    SetManualLocationPostRequestBody,
)
from msgraph.generated.users.item.presence.set_presence.set_presence_post_request_body import (
    SetPresencePostRequestBody,
)
from msgraph.generated.users.item.presence.set_status_message.set_status_message_post_request_body import (
    SetStatusMessagePostRequestBody,
)
from msgraph.generated.users.item.presence.set_user_preferred_presence.set_user_preferred_presence_post_request_body import (
    SetUserPreferredPresencePostRequestBody,
)
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.tasks.page_iterator import PageIterator

URL = os.environ.get("GRAPH_URL", "https://localhost:5443")
THROTTLED_URL = os.environ.get("THROTTLED_URL")
SCOPES = ["https://graph.microsoft.com/.default"]

# The demo tenant. Mara, Jonas and Priya are the people of the examples in Graph's documentation. Viktor signs in.
TENANT = "aaaabbbb-0000-cccc-1111-dddd2222eeee"
APPLICATION, SECRET = "00001111-aaaa-2222-bbbb-3333cccc4444", "demo-secret"
PUBLIC_CLIENT = "11112222-bbbb-3333-cccc-4444dddd5555"
MARA = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3"
JONAS = "66825e03-7ef5-42da-9069-724602c31f6b"
PRIYA = "dc74d9bb-6afe-433d-8eaa-e39d80d3a647"
VIKTOR = "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88"
NOBODY = "00000000-0000-4000-8000-000000000000"
PUBLISHER = "0bf30f3b-4a52-48df-9a82-234910c4a086"  # Microsoft Graph Change Tracking, who signs notifications
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def graph_at(url, credential):
    client = GraphServiceClient(credential, SCOPES)
    client.request_adapter.base_url = url + "/v1.0"
    return client


def application_at(url):
    return ClientSecretCredential(TENANT, APPLICATION, SECRET, authority=url, disable_instance_discovery=True)


def sign_in(page, code, _):
    if program := os.environ.get("SIGN_IN"):
        subprocess.run([program, page, code], check=True, stdout=subprocess.DEVNULL, timeout=60)
    else:
        print(f"Open {page}, enter {code} and choose Viktor Novák.", file=sys.stderr)


app = graph_at(URL, application_at(URL))
person = graph_at(
    URL,
    DeviceCodeCredential(
        PUBLIC_CLIENT, tenant_id=TENANT, authority=URL, disable_instance_discovery=True, prompt_callback=sign_in
    ),
)
viktor = app.users.by_user_id(VIKTOR)


def pair(presence):
    return f"{presence.availability}/{presence.activity}"


def session(availability, activity, of=APPLICATION):
    """The duration is text: the SDK writes a timedelta as 1:00:00, which is no ISO 8601 duration."""
    return SetPresencePostRequestBody(
        session_id=of, availability=availability, activity=activity, expiration_duration="PT1H"
    )


async def end_session():
    await viktor.presence.clear_presence.post(ClearPresencePostRequestBody(session_id=APPLICATION))


async def error_of(request):
    try:
        await request
    except ODataError as error:
        return error
    raise AssertionError("there was no error")


# Presence, as Graph's pages show it


async def a_presence():
    presence = await app.users.by_user_id(JONAS).presence.get()
    assert presence.id == JONAS and pair(presence) == "DoNotDisturb/Presenting", presence
    assert presence.out_of_office_settings.is_out_of_office is False and presence.sequence_number
    assert pair(await app.communications.presences.by_presence_id(PRIYA).get()) == "Away/BeRightBack"


async def own_presence():
    presence = await person.me.presence.get()
    assert presence.id == VIKTOR and pair(presence) == "Offline/Offline", pair(presence)


async def several_presences():
    body = GetPresencesByUserIdPostRequestBody(ids=[MARA, JONAS])
    answer = await app.communications.get_presences_by_user_id.post(body)
    assert [(p.id, pair(p)) for p in answer.value] == [
        (MARA, "Busy/InAMeeting"),
        (JONAS, "DoNotDisturb/Presenting"),
    ]


async def all_presences():
    query = PresencesRequestBuilder.PresencesRequestBuilderGetQueryParameters(top=5)
    first = await app.communications.presences.get(RequestConfiguration(query_parameters=query))
    seen = []
    await PageIterator(first, app.request_adapter).iterate(lambda presence: seen.append(presence.id) or True)
    assert len(seen) == len(set(seen)) == await app.communications.presences.count.get() > 5, seen


async def set_presence():
    await viktor.presence.set_presence.post(session("Busy", "InACall"))
    assert pair(await viktor.presence.get()) == "Busy/InACall"
    await end_session()
    assert pair(await viktor.presence.get()) == "Offline/Offline"
    presence = app.communications.presences.by_presence_id(VIKTOR)
    await presence.set_presence.post(
        SetCommunicationsPresencePostRequestBody(
            session_id=APPLICATION, availability="Available", activity="Available", expiration_duration="PT5M"
        )
    )
    assert pair(await presence.get()) == "Available/Available"
    await presence.clear_presence.post(ClearCommunicationsPresencePostRequestBody(session_id=APPLICATION))


async def preferred_presence():
    await viktor.presence.set_presence.post(session("Available", "Available"))
    await person.me.presence.set_user_preferred_presence.post(
        SetUserPreferredPresencePostRequestBody(
            availability="DoNotDisturb", activity="DoNotDisturb", expiration_duration="PT8H"
        )
    )
    assert pair(await viktor.presence.get()) == "DoNotDisturb/DoNotDisturb"
    await person.me.presence.clear_user_preferred_presence.post()
    assert pair(await viktor.presence.get()) == "Available/Available"
    await end_session()


async def status_message():
    def message(content, expiry=None):
        item = ItemBody(content=content, content_type=BodyType.Text)
        return SetStatusMessagePostRequestBody(
            status_message=PresenceStatusMessage(message=item, expiry_date_time=expiry)
        )

    until = (datetime.now(timezone.utc) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S")
    expiry = DateTimeTimeZone(date_time=until, time_zone="UTC")
    await person.me.presence.set_status_message.post(message("In a meeting until noon ☕", expiry))
    own, seen = (await person.me.presence.get()).status_message, (await viktor.presence.get()).status_message
    assert seen.message.content == own.message.content == "In a meeting until noon ☕"
    assert own.expiry_date_time.date_time.startswith(until) and own.published_date_time
    assert seen.expiry_date_time is None, "only the person sees when the message ends"
    await person.me.presence.set_status_message.post(message(""))
    assert (await person.me.presence.get()).status_message is None


async def work_location():
    mine = person.me.presence
    await mine.set_manual_location.post(
        SetManualLocationPostRequestBody(work_location_type=WorkLocationType.Office, place_id="brno-1-16")
    )
    location = (await mine.get()).work_location
    assert (location.work_location_type, location.place_id) == (WorkLocationType.Office, "brno-1-16")
    await mine.set_automatic_location.post(
        SetAutomaticLocationPostRequestBody(work_location_type=WorkLocationType.Remote)
    )
    location = (await mine.get()).work_location
    assert location.work_location_type == WorkLocationType.Office, "the choice of the person goes first"
    await mine.clear_automatic_location.post()
    await mine.clear_location.post()


# The directory


async def people():
    def asked(eventual=False, **query):
        parameters = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(**query)
        configuration = RequestConfiguration(query_parameters=parameters)
        if eventual:
            configuration.headers.add("ConsistencyLevel", "eventual")
        return configuration

    first = await app.users.get(asked(top=5, select=["id", "displayName"]))
    names = []
    await PageIterator(first, app.request_adapter).iterate(lambda user: names.append(user.display_name) or True)
    assert "Mara Lindqvist" in names and len(names) > 10, names
    engineers = await app.users.get(asked(filter="department eq 'Engineering' and startswith(displayName,'V')"))
    assert [user.id for user in engineers.value] == [VIKTOR]
    found = await app.users.get(asked(eventual=True, search='"displayName:lindqvist"', count=True))
    assert found.odata_count == 1 and found.value[0].id == MARA
    counting = RequestConfiguration()
    counting.headers.add("ConsistencyLevel", "eventual")
    assert await app.users.count.get(counting) == len(names)


async def one_person():
    me = await person.me.get()
    assert me.id == VIKTOR and me.user_principal_name == "viktor.novak@contoso.example"
    assert (await app.users.by_user_id(me.user_principal_name).get()).id == VIKTOR
    assert (await person.me.people.get()).value
    assert (await error_of(viktor.manager.get())).response_status_code == 404
    organization = (await app.organization.get()).value[0]
    assert organization.id == TENANT and organization.verified_domains[0].name == "contoso.example"


async def photo():
    mara = app.users.by_user_id(MARA)
    picture = await mara.photo.content.get()
    assert picture.startswith((b"\xff\xd8", b"\x89PNG")) and (await mara.photo.get()).width
    size = (await mara.photos.get()).value[0].id
    assert await mara.photos.by_profile_photo_id(size).content.get()
    await viktor.photo.content.put(DOT)
    assert await viktor.photo.content.get() == DOT
    await viktor.photo.content.delete()
    assert (await error_of(viktor.photo.content.get())).error.code == "ImageNotFound"


async def automatic_replies():
    def replies(status, text=None):
        setting = AutomaticRepliesSetting(status=status, internal_reply_message=text)
        return MailboxSettings(automatic_replies_setting=setting)

    settings = person.me.mailbox_settings
    await settings.patch(replies(AutomaticRepliesStatus.AlwaysEnabled, "Back on Monday."))
    assert (await settings.get()).automatic_replies_setting.internal_reply_message == "Back on Monday."
    assert (await viktor.presence.get()).out_of_office_settings.message == "Back on Monday."
    await settings.patch(replies(AutomaticRepliesStatus.Disabled))
    assert (await viktor.presence.get()).out_of_office_settings.is_out_of_office is False


# Subscriptions


class Receiver:
    """A web server that confirms its address and keeps what comes."""

    async def __aenter__(self):
        self.received = asyncio.Queue()
        application = web.Application()
        application.add_routes([web.post("/presence", self.take)])
        self.runner = web.AppRunner(application)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "localhost", 0)
        await site.start()
        self.url = f"http://localhost:{self.runner.addresses[0][1]}/presence"
        return self

    async def __aexit__(self, *_):
        await self.runner.cleanup()

    async def take(self, request):
        if token := request.query.get("validationToken"):
            return web.Response(text=token)
        self.received.put_nowait(await request.json())
        return web.Response(status=202)

    async def next(self):
        return await asyncio.wait_for(self.received.get(), 20)


def wanted(receiver, **more):
    return Subscription(
        change_type="updated",
        notification_url=receiver.url,
        resource=f"/communications/presences/{VIKTOR}",
        expiration_date_time=datetime.now(timezone.utc) + timedelta(minutes=50),
        client_state="from Python",
        **more,
    )


async def subscription():
    async with Receiver() as receiver:
        made = await person.subscriptions.post(wanted(receiver))
        assert made.creator_id == VIKTOR and made.application_id == PUBLIC_CLIENT
        mine = person.subscriptions.by_subscription_id(made.id)
        await viktor.presence.set_presence.post(session("Busy", "InACall"))
        item = (await receiver.next())["value"][0]
        await end_session()
        assert (item["subscriptionId"], item["clientState"], item["changeType"]) == (made.id, "from Python", "updated")
        assert item["resourceData"]["id"] == VIKTOR
        assert made.id in [each.id for each in (await person.subscriptions.get()).value]
        later = Subscription(expiration_date_time=datetime.now(timezone.utc) + timedelta(minutes=59))
        assert (await mine.patch(later)).expiration_date_time > made.expiration_date_time
        await mine.reauthorize.post()
        await mine.delete()
        assert (await error_of(mine.get())).response_status_code == 404


def self_signed():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "presence in notifications")])
    now = datetime.now(timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now)
    return key, builder.not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())


def opened(content, key):
    """The steps of Graph's page on notifications with resource data."""
    secret = key.decrypt(
        base64.b64decode(content["dataKey"]), padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    )
    data = base64.b64decode(content["data"])
    assert hmac.compare_digest(hmac.digest(secret, data, "sha256"), base64.b64decode(content["dataSignature"]))
    decryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
    unpadder = PKCS7(128).unpadder()
    return json.loads(unpadder.update(decryptor.update(data)) + unpadder.finalize())


async def presence_in_a_notification():
    key, certificate = self_signed()
    async with Receiver() as receiver:
        encoded = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
        made = await person.subscriptions.post(
            wanted(
                receiver,
                include_resource_data=True,
                encryption_certificate=encoded,
                encryption_certificate_id="of this run",
            )
        )
        await viktor.presence.set_presence.post(session("DoNotDisturb", "Presenting"))
        told = await receiver.next()
        await end_session()
        await person.subscriptions.by_subscription_id(made.id).delete()
    content = told["value"][0]["encryptedContent"]
    presence = opened(content, key)
    assert content["encryptionCertificateId"] == "of this run"
    assert (presence["id"], presence["activity"]) == (VIKTOR, "Presenting"), presence

    discovery = requests.get(f"{URL}/common/.well-known/openid-configuration", timeout=30).json()
    keys = jwt.PyJWKClient(discovery["jwks_uri"])
    token = told["validationTokens"][0]
    signer = keys.get_signing_key_from_jwt(token).key
    claims = jwt.decode(token, signer, ["RS256"], audience=PUBLIC_CLIENT)
    assert claims.get("azp", claims.get("appid")) == PUBLISHER and claims["tid"] == TENANT, claims


# A batch


async def batch():
    # Of builders that were not used: afterwards the SDK writes the whole address (msgraph-sdk-python issue 1015).
    fresh = graph_at(URL, application_at(URL))
    presences = {
        "mara": fresh.users.by_user_id(MARA).presence.to_get_request_information(),
        "nobody": fresh.users.by_user_id(NOBODY).presence.to_get_request_information(),
        "busy": fresh.users.by_user_id(VIKTOR).presence.set_presence.to_post_request_information(
            session("Busy", "InACall")
        ),
    }
    content = BatchRequestContent({name: BatchRequestItem(one, name) for name, one in presences.items()})
    # The answers as they come: the SDK's own post() loses bodies that are JSON (kiota-python issue 737).
    request = await fresh.batch.to_post_request_information(content)
    sent = await fresh.request_adapter.send_primitive_async(request, "bytes", {"XXX": ODataError})
    answers = {answer["id"]: answer for answer in json.loads(sent)["responses"]}
    assert {name: answer["status"] for name, answer in answers.items()} == {"mara": 200, "nobody": 404, "busy": 200}
    assert answers["mara"]["body"]["activity"] == "InAMeeting"
    assert answers["nobody"]["body"]["error"]["code"] == "Request_ResourceNotFound"
    assert pair(await viktor.presence.get()) == "Busy/InACall"
    await end_session()


# Errors


async def errors():
    missing = await error_of(app.users.by_user_id(NOBODY).presence.get())
    assert missing.response_status_code == 404 and missing.error.code == "Request_ResourceNotFound"
    assert missing.error.inner_error.request_id and missing.error.inner_error.date
    wrong = await error_of(viktor.presence.set_presence.post(session("Busy", "Available")))
    assert wrong.response_status_code == 400, wrong
    many = GetPresencesByUserIdPostRequestBody(ids=[f"00000000-0000-4000-8000-{n:012}" for n in range(651)])
    assert "650" in (await error_of(app.communications.get_presences_by_user_id.post(many))).error.message
    place = SetManualLocationPostRequestBody(work_location_type=WorkLocationType.Office)
    denied = await error_of(viktor.presence.set_manual_location.post(place))
    assert denied.response_status_code == 403 and denied.error.code == "Forbidden"
    other = person.users.by_user_id(MARA).presence
    own_session = session("Busy", "InACall", of=PUBLIC_CLIENT)
    assert (await error_of(other.set_presence.post(own_session))).response_status_code == 401
    assert (await error_of(app.me.presence.get())).response_status_code == 400


async def host_not_allowed():
    provider = AzureIdentityAuthenticationProvider(
        application_at(URL), scopes=SCOPES, allowed_hosts=["graph.microsoft.com"]
    )
    adapter = GraphRequestAdapter(provider)
    adapter.base_url = URL + "/v1.0"
    error = await error_of(GraphServiceClient(request_adapter=adapter).users.by_user_id(MARA).presence.get())
    assert error.response_status_code == 401 and "allowed hosts" in error.error.message, error.error.message


async def throttled():
    if not THROTTLED_URL:
        return "no THROTTLED_URL"
    mara = graph_at(THROTTLED_URL, application_at(THROTTLED_URL)).users.by_user_id(MARA).presence
    at_once = RequestConfiguration(options=[RetryHandlerOption(max_retries=0)])

    async def until_refused():
        for _ in range(100):
            await mara.get(at_once)

    error = await error_of(until_refused())
    assert error.response_status_code == 429 and error.error.code == "TooManyRequests", error
    wait = int(error.response_headers["retry-after"])
    start = time.monotonic()
    assert pair(await mara.get()) == "Busy/InAMeeting"
    assert time.monotonic() - start > wait - 1.5, f"the client waited less than {wait} s"


CHECKS = {
    "the presence of a person": a_presence,
    "the presence of the person who signed in": own_presence,
    "the presence of several people": several_presences,
    "all presences, page by page": all_presences,
    "setPresence and clearPresence": set_presence,
    "setUserPreferredPresence and clearUserPreferredPresence": preferred_presence,
    "setStatusMessage": status_message,
    "work locations": work_location,
    "people: pages, $filter, $search, $count": people,
    "a person, the people around, the manager, the organization": one_person,
    "photos": photo,
    "automatic replies": automatic_replies,
    "a subscription and its notification": subscription,
    "a notification with presence is opened, and its token confirmed": presence_in_a_notification,
    "a batch": batch,
    "errors as the SDK shows them": errors,
    "a host that is not allowed gets no token, and the 401 says so": host_not_allowed,
    "429 and Retry-After": throttled,
}


async def main():
    failed = 0
    for name, check in CHECKS.items():
        try:
            skipped = await check()
            print(f"SKIP {name}: {skipped}" if skipped else f"PASS {name}", flush=True)
        except Exception as error:
            failed += 1
            line = sys.exc_info()[2].tb_next.tb_lineno
            said = " ".join(f"{type(error).__name__}: {error}".split())[:600]
            print(f"FAIL {name}: line {line}: {said}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
