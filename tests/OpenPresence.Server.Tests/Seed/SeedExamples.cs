using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Seed;

/// <summary>A seed that has every member there is, and those that are wrong.</summary>
internal static class SeedExamples
{
    /// <summary>A self-signed certificate, made for these tests.</summary>
    private const string Certificate =
        "MIIBdjCCARugAwIBAgIUMsKYf1N6CQka+ftUjb2a4RZ/IkMwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjEwNDU5MjdaGA8yMTI2MTAyODA0NTkyN1owDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHG45N2zl6HwIglBs5TRJI+nltda74vB7m13rKjBGPWvuimS4vDBIAbfWf505WYQ9pfBS0xn0O7unXNrNhZ9voqjUzBRMB0GA1UdDgQWBBSHvvpCjEPH261h3wIwrufOrPaZkjAfBgNVHSMEGDAWgBSHvvpCjEPH261h3wIwrufOrPaZkjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDOkVKC1Ln/ZFSM2xQrvh243wu5TOvc88dSZ/zsgnMl/QIhALrihAFqVEY8W9inu1VOBpqG5+DjkjHJaM+urLqZOgsU";

    public const string Full = $$"""
        {
          "$schema": "seed.schema.json",
          "tenants": [
            {
              "id": "10000000-0000-0000-0000-000000000001",
              "displayName": "Fabrikam",
              "domains": ["fabrikam.example", "fabrikam.test"],
              "applications": [
                {
                  "clientId": "20000000-0000-0000-0000-000000000001",
                  "displayName": "Dialler",
                  "secrets": ["swordfish"],
                  "certificates": ["{{Certificate}}"],
                  "redirectUris": ["http://localhost", "app://auth"],
                  "applicationPermissions": ["User.Read.All", "Presence.Read.All"],
                  "delegatedScopes": ["*"],
                },
                {
                  "clientId": "20000000-0000-0000-0000-000000000002",
                  "displayName": "Phone",
                  "isPublicClient": true,
                  "servicePrincipalId": "20000000-0000-0000-0000-000000000003",
                },
              ],
              "people": [
                {
                  "id": "30000000-0000-0000-0000-000000000001",
                  "userPrincipalName": "ada@fabrikam.example",
                  "displayName": "Ada Lovelace",
                  "givenName": "Ada",
                  "surname": "Lovelace",
                  "mail": "ada@fabrikam.example",
                  "photo": "photos/mara.png",
                  "jobTitle": "Analyst",
                  "department": "Engines",
                  "officeLocation": "12/3",
                  "mobilePhone": "+44 7700 900001",
                  "businessPhones": ["+44 20 7946 0001"],
                  "preferredLanguage": "en-GB",
                  "timeZone": "Europe/London",
                  "accountEnabled": false,
                  "presence": {
                    "sessions": [
                      {
                        "application": "20000000-0000-0000-0000-000000000001",
                        "availability": "Busy",
                        "activity": "InACall",
                        "expiresIn": "PT1H",
                      },
                      {
                        "device": "desktop",
                        "availability": "Away",
                        "activity": "BeRightBack",
                        "expiresIn": "P1D",
                      },
                    ],
                    "preferred": {
                      "availability": "DoNotDisturb",
                      "activity": "DoNotDisturb",
                      "expiresIn": "PT3H",
                    },
                    "statusMessage": { "content": "Back at noon", "expiresAt": "PT2H" },
                    "calendar": [
                      {
                        "kind": "place",
                        "startAt": "PT3H",
                        "endAt": "PT4H",
                        "workLocationType": "office",
                        "placeId": "hq",
                      },
                      { "kind": "meeting", "startAt": "-PT30M", "endAt": "2026-11-21T10:00:00Z" },
                    ],
                    "automaticReplies": {
                      "startAt": "2026-11-20T09:00:00+01:00",
                      "endAt": "P1D",
                      "message": "I am out.\nWrite to Ben.",
                    },
                    "workLocation": {
                      "manual": { "workLocationType": "remote", "placeId": "home" },
                      "automatic": { "workLocationType": "office", "expiresAt": "PT1H" },
                    },
                  },
                },
                {
                  "id": "30000000-0000-0000-0000-000000000002",
                  "userPrincipalName": "ben@fabrikam.test",
                  "displayName": "Ben",
                  "presence": "DoNotDisturb/Presenting",
                },
              ],
              "ids": ["40000000-0000-0000-0000-000000000001"],
            },
          ],
        }
        """;

    /// <summary>The files of <c>faulty</c>; their faults stand at their ends, after <c>//!</c>.</summary>
    public static TheoryData<string> Faulty =>
        [.. ProjectFiles.Under("tests/OpenPresence.Server.Tests/Seed/faulty", ".jsonc")];
}
