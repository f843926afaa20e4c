using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.Tests.OpenApi;
using OpenPresence.Server.Tests.Repository;
using OpenPresence.Server.Tests.Scim;
using OpenPresence.Server.Tests.Webhooks;

namespace OpenPresence.Server.Tests.Transcripts;

/// <summary>Runs every transcript against a server of its own, over a real socket.</summary>
public sealed partial class TranscriptTests
{
    private const string Folder = "tests/OpenPresence.Server.Tests/Transcripts";

    public static TheoryData<string> Names =>
        [
            .. System
                .IO.Directory.GetFiles(Path.Combine(ProjectFiles.Root, Folder), "*.transcript")
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>A transcript by its name.</summary>
    public static Transcript Read(string name) => Transcript.Parse(ProjectFiles.Read($"{Folder}/{name}.transcript"));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_server_answers_as_the_transcript_says(string name)
    {
        var transcript = Read(name);
        await using var server = await RunningServer.StartAsync(
            options => ScimUnderTest.Provisioned(options) with { HistoryEntries = transcript.HistoryEntries },
            transcript.BeginsAt is { } begin ? new ManualClock(begin) : null
        );
        await using var receiver = transcript.NeedsReceiver ? await WebhookReceiver.StartAsync() : null;
        var (created, handshakes) = ("", 0);
        foreach (var step in transcript.Steps)
        {
            var filled = Filled(step, receiver, created);
            if (step.Clock is { } by)
            {
                await server.Delivery.SettledAsync(); // or a POST under way would see its time pass
                await server.AdvanceAsync(by);
            }
            else if (step.IsRequest)
            {
                var answer = await RunAsync(server, filled);
                created = step.Answer[0] == "201" ? Id().Match(answer).Groups["id"].Value : created;
            }
            else
            {
                Check(filled.Received, await NextAsync(receiver!, filled.Received, ref handshakes));
            }
        }
    }

    private static Transcript.Step Filled(Transcript.Step step, WebhookReceiver? receiver, string created)
    {
        return step with { Request = Fill(step.Request), Answer = Fill(step.Answer), Received = Fill(step.Received) };

        List<string> Fill(IEnumerable<string> lines)
        {
            lines = Transcript.Fill(lines, "receiver", receiver?.Url().ToString() ?? "");
            lines = Transcript.Fill(lines, "certificate", Certificate.Value);
            return Transcript.Fill(lines, "created", created);
        }
    }

    /// <summary>What the receiver got next: of handshakes the next one, else the next notification.</summary>
    private static ValueTask<ReceivedRequest> NextAsync(
        WebhookReceiver receiver,
        IReadOnlyList<string> expected,
        ref int handshakes
    ) =>
        IsHandshake(expected[0])
            ? new(receiver.All.Where(got => IsHandshake(got.PathAndQuery)).ElementAt(handshakes++))
            : receiver.NextAsync();

    private static bool IsHandshake(string target) => target.Contains("validationToken=", StringComparison.Ordinal);

    private static void Check(IReadOnlyList<string> expected, ReceivedRequest got)
    {
        Assert.Matches(Transcript.Pattern(expected[0]), $"{got.Method} {got.PathAndQuery}");
        var blank = expected.ToList().IndexOf("");
        foreach (var header in expected.Skip(1).Take((blank < 0 ? expected.Count : blank) - 1))
        {
            var (name, value) = Split(header);
            Assert.Matches(Transcript.Pattern(value), got.Headers[name]);
        }
        var body = blank < 0 ? "" : string.Concat(expected.Skip(blank + 1));
        Assert.True(Transcript.Pattern(body).IsMatch(got.Text), $"{expected[0]}\nexpected {body}\nreceived {got.Text}");
    }

    /// <summary>A subscriber's certificate, valid whenever a transcript may begin.</summary>
    private static readonly Lazy<string> Certificate = new(() =>
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(
            "CN=subscriber",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(new(2010, 1, 1, 0, 0, 0, default), new(2040, 1, 1, 0, 0, 0, default));
        return Convert.ToBase64String(certificate.RawData);
    });

    /// <summary>Plays a step; the answer's body.</summary>
    private static async Task<string> RunAsync(RunningServer server, Transcript.Step step)
    {
        using var request = await RequestOf(server, step);
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        // As bytes: reading a string would rewrite the Content-Type that is compared below.
        var body = Encoding.UTF8.GetString(
            await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)
        );
        var said = $"{step.Request[0]}\n{(int)answer.StatusCode} {body}";
        Assert.True(step.Answer[0] == $"{(int)answer.StatusCode}", said);
        var line = step.Request[0].Split(' ');
        Assert.Empty(DescribedAnswers.FaultsOf(line[0], line[1], (int)answer.StatusCode, body));
        var blank = step.Answer.ToList().IndexOf("");
        var headers = step.Answer.Skip(1).Take((blank < 0 ? step.Answer.Count : blank) - 1);
        foreach (var header in headers)
        {
            var (name, value) = Split(header);
            // Not validated: as it came, not as HttpClient would write it.
            var given =
                answer.Headers.NonValidated.TryGetValues(name, out var values)
                || answer.Content.Headers.NonValidated.TryGetValues(name, out values)
                    ? string.Join(", ", values)
                    : "(absent)";
            Assert.Matches(Transcript.Pattern(value), given);
        }
        var expected = blank < 0 ? "" : string.Concat(step.Answer.Skip(blank + 1));
        if (expected != "…")
        {
            Assert.True(
                Transcript.Pattern(expected).IsMatch(body),
                $"{step.Request[0]}\nexpected {expected}\nanswered {body}"
            );
        }
        return body;
    }

    [GeneratedRegex("\"id\":\"(?<id>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();

    private static async Task<HttpRequestMessage> RequestOf(RunningServer server, Transcript.Step step)
    {
        var line = step.Request[0].Split(' ', 2);
        var request = new HttpRequestMessage(new HttpMethod(line[0]), line[1]);
        var token = step.Caller switch
        {
            ["app", .. var roles] => await server.ApplicationTokenAsync(roles),
            ["application", var id, .. var roles] => await server.ApplicationTokenAsync(
                await RegisteredAsync(server, Guid.Parse(id)),
                roles
            ),
            ["provisioning"] => ScimUnderTest.Token,
            ["person", var id, .. var scopes] => await server.PersonTokenAsync(id, scopes),
            _ => null,
        };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        var blank = step.Request.ToList().IndexOf("");
        if (blank >= 0)
        {
            // Lines of JSON are one text for the eye's sake; in any other body they are lines.
            var isJson = !step.Request.Any(IsOtherContentType);
            var lines = step.Request.Skip(blank + 1);
            request.Content = new StringContent(
                isJson ? string.Concat(lines) : string.Concat(lines.Select(text => text + "\r\n"))
            );
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        foreach (var header in step.Request.Skip(1).TakeWhile(header => header.Length > 0))
        {
            var (name, value) = Split(header);
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else if (name == "Content-Transfer-Encoding")
            {
                Assert.Equal("base64", value);
                var type = request.Content!.Headers.ContentType;
                var text = string.Concat(step.Request.Skip(blank + 1));
                request.Content = new ByteArrayContent(Convert.FromBase64String(text));
                request.Content.Headers.ContentType = type;
            }
            else if (name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                Assert.Equal("gzip", value);
                request.Content = await CompressedAsync(request.Content!);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return request;
    }

    private static async Task<Guid> RegisteredAsync(RunningServer server, Guid id)
    {
        await server.Node.ExecuteAsync(
            new ApplicationUpserted(new Application(id, Guid.Parse(RunningServer.DemoTenant), "Of a transcript"))
        );
        return id;
    }

    private static async Task<HttpContent> CompressedAsync(HttpContent plain)
    {
        var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await plain.CopyToAsync(gzip, TestContext.Current.CancellationToken);
        }
        var content = new ByteArrayContent(compressed.ToArray());
        content.Headers.ContentType = plain.Headers.ContentType;
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static bool IsOtherContentType(string header) =>
        header.StartsWith("Content-Type: ", StringComparison.Ordinal)
        && !header.Contains("json", StringComparison.Ordinal);

    private static (string Name, string Value) Split(string header)
    {
        var colon = header.IndexOf(':', StringComparison.Ordinal);
        return (header[..colon], header[(colon + 1)..].Trim());
    }
}
