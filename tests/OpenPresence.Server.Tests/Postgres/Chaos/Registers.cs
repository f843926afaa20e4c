using System.Globalization;
using System.Text.Json;
using OpenPresence.Server.Tests.Postgres.Histories;

namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>
/// What of a person's presence is written and read: of half of the people the session of a device, of the others the
/// status message, which can be another one each time and may live for a moment only.
/// </summary>
internal static class Registers
{
    private const string Device = "dededede-0000-0000-0000-000000000001";

    // Those that readers see as they were reported, and that are not what is shown when there is none.
    private static readonly string[] Pairs =
    [
        "Available/Available",
        "Away/Away",
        "Away/BeRightBack",
        "BeRightBack/BeRightBack",
        "Busy/Busy",
        "Busy/InACall",
        "Busy/InAConferenceCall",
        "Busy/InAMeeting",
        "DoNotDisturb/DoNotDisturb",
        "DoNotDisturb/Focusing",
        "DoNotDisturb/Presenting",
    ];

    private static readonly TimeSpan[] SessionLives = [TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)];
    private static readonly TimeSpan[] MessageLives = [TimeSpan.FromSeconds(2), TimeSpan.FromHours(1)];

    /// <summary>Whether it is the device's session of a person; otherwise the message.</summary>
    public static bool IsSession(int person) => person % 2 == 0;

    /// <summary>Something to write.</summary>
    public static (string Value, TimeSpan LivesFor) Random(int person, Random random, string unique) =>
        IsSession(person)
            ? (Pairs[random.Next(Pairs.Length)], SessionLives[random.Next(SessionLives.Length)])
            : (unique, MessageLives[random.Next(MessageLives.Length)]);

    /// <summary>The request that writes a value, or ends it.</summary>
    public static HttpRequestMessage Write(int person, string value, TimeSpan livesFor)
    {
        var presence = $"v1.0/users/{Cluster.Person(person)}/presence";
        if (!IsSession(person))
        {
            return Request(HttpMethod.Post, $"{presence}/setStatusMessage", Message(value, livesFor));
        }
        if (value == Operation.Nothing)
        {
            return Request(HttpMethod.Delete, $"{presence}/devices/{Device}", null);
        }
        var pair = value.Split('/');
        var body = new
        {
            availability = pair[0],
            activity = pair[1],
            expirationDuration = System.Xml.XmlConvert.ToString(livesFor),
        };
        return Request(HttpMethod.Put, $"{presence}/devices/{Device}", body);
    }

    public static HttpRequestMessage Read(int person) =>
        Request(HttpMethod.Get, $"v1.0/users/{Cluster.Person(person)}/presence", null);

    /// <summary>What a presence says of the register.</summary>
    public static (string Value, string Sequence) Of(int person, JsonElement presence)
    {
        var sequence = presence.GetProperty("sequenceNumber").GetString()!;
        if (!IsSession(person))
        {
            var message = presence.GetProperty("statusMessage");
            return message.ValueKind == JsonValueKind.Object
                ? (message.GetProperty("message").GetProperty("content").GetString()!, sequence)
                : (Operation.Nothing, sequence);
        }
        return (PairOf(presence), sequence);
    }

    /// <summary>A pair as the value of a register.</summary>
    public static string PairOf(JsonElement presence)
    {
        var pair = $"{presence.GetProperty("availability").GetString()}/{presence.GetProperty("activity").GetString()}";
        return pair == "Offline/Offline" ? Operation.Nothing : pair;
    }

    private static object Message(string value, TimeSpan livesFor) =>
        value == Operation.Nothing
            ? new { statusMessage = new { message = new { content = "", contentType = "text" } } }
            : new
            {
                statusMessage = new
                {
                    message = new { content = value, contentType = "text" },
                    expiryDateTime = new
                    {
                        dateTime = (TimeProvider.System.GetUtcNow() + livesFor).ToString(
                            "yyyy-MM-dd'T'HH:mm:ss.fffffff",
                            CultureInfo.InvariantCulture
                        ),
                        timeZone = "UTC",
                    },
                },
            };

    private static HttpRequestMessage Request(HttpMethod method, string path, object? body) =>
        new(method, new Uri(path, UriKind.Relative))
        {
            Content = body is null ? null : System.Net.Http.Json.JsonContent.Create(body),
        };
}
