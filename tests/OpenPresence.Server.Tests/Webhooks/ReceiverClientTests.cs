using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using OpenPresence.Server.Webhooks;

namespace OpenPresence.Server.Tests.Webhooks;

/// <summary>Calls over real sockets, to receivers that mean well and to others.</summary>
public sealed class ReceiverClientTests
{
    private static readonly ReceiverPolicy Local = new()
    {
        AllowsPlainHttp = true,
        AllowedNetworks = ReceiverPolicy.Loopback,
    };

    private readonly ManualClock clock = new();

    [Fact]
    public async Task A_call_says_what_it_carries_and_who_calls_and_nothing_else()
    {
        var headers = new Dictionary<string, string>();
        var said = "";
        await using var receiver = await LoopbackReceiver.StartAsync(async http =>
        {
            foreach (var header in http.Request.Headers)
            {
                headers[header.Key] = header.Value.ToString();
            }
            using var reader = new StreamReader(http.Request.Body);
            said = $"{http.Request.Method} {http.Request.QueryString} {await reader.ReadToEndAsync()}";
            http.Response.StatusCode = 202;
            http.Response.Cookies.Append("remember", "me");
        });
        using var client = new ReceiverClient(Local, clock);

        await PostAsync(client, new Uri(receiver.Url, "/?key=a%20b"));
        var answer = await PostAsync(client, new Uri(receiver.Url, "/?key=a%20b"));

        Assert.Equal((ReceiverFault.None, 202), (answer.Fault, answer.Status));
        Assert.Equal("POST ?key=a%20b hello", said);
        Assert.Equal(
            ["Content-Length", "Content-Type", "Host", "User-Agent"],
            headers.Keys.Order(StringComparer.Ordinal)
        );
        Assert.StartsWith("OpenPresence/", headers["User-Agent"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("fd00::1")]
    [InlineData("2002:7f00:1::")]
    public async Task A_name_that_resolves_to_a_refused_address_is_not_called(string address)
    {
        using var client = new ReceiverClient(new(), clock, Answering(address));

        var answer = await PostAsync(client, new Uri("https://receiver.example/"));

        Assert.Equal(ReceiverFault.Refused, answer.Fault);
    }

    [Fact]
    public async Task A_name_that_turns_to_a_refused_address_after_the_first_look_is_not_called()
    {
        var calls = 0;
        await using var receiver = await LoopbackReceiver.StartAsync(http =>
        {
            calls++;
            http.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
        var looks = 0;
        var policy = Local with { AllowedNetworks = [IPNetwork.Parse("127.0.0.1/32")] };
        using var client = new ReceiverClient(
            policy,
            clock,
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse($"127.0.0.{++looks}")])
        );
        var url = new Uri($"http://receiver.example:{receiver.Port}/");

        var first = await PostAsync(client, url);
        var second = await PostAsync(client, url);

        Assert.Equal(ReceiverFault.None, first.Fault);
        Assert.Equal(ReceiverFault.Refused, second.Fault);
        Assert.Equal((1, 2), (calls, looks));
    }

    [Fact]
    public async Task Of_a_name_with_several_addresses_only_those_that_may_be_are_called()
    {
        await using var receiver = await LoopbackReceiver.StartAsync(_ => Task.CompletedTask);
        using var client = new ReceiverClient(Local, clock, Answering("10.0.0.1", "127.0.0.1"));

        var answer = await PostAsync(client, new Uri($"http://receiver.example:{receiver.Port}/"));

        Assert.Equal((ReceiverFault.None, 200), (answer.Fault, answer.Status));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_an_answer_and_not_followed(int status)
    {
        var paths = new List<string>();
        await using var receiver = await LoopbackReceiver.StartAsync(http =>
        {
            paths.Add(http.Request.Path);
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        using var client = new ReceiverClient(Local, clock);

        var answer = await PostAsync(client, new Uri(receiver.Url, "/here"));

        Assert.Equal((status, false), (answer.Status, answer.IsSuccess));
        Assert.Equal(["/here"], paths);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_in_time_is_given_up()
    {
        var asked = new TaskCompletionSource();
        await using var receiver = await LoopbackReceiver.StartAsync(async http =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var client = new ReceiverClient(Local, clock);

        var call = PostAsync(client, receiver.Url);
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(10));
        var answer = await call;

        Assert.Equal((ReceiverFault.TimedOut, TimeSpan.FromSeconds(10)), (answer.Fault, answer.Took));
    }

    [Fact]
    public async Task An_answer_is_read_up_to_its_limit()
    {
        await using var receiver = await LoopbackReceiver.StartAsync(http =>
            http.Response.WriteAsync(new string('x', int.Parse(http.Request.Query["length"]!)))
        );
        using var client = new ReceiverClient(Local, clock);

        var fits = await PostAsync(client, new Uri(receiver.Url, "?length=64"), bytesMax: 64);
        var isLonger = await PostAsync(client, new Uri(receiver.Url, "?length=65"), bytesMax: 64);

        Assert.Equal(new string('x', 64), Encoding.ASCII.GetString(fits.Body.Span));
        Assert.Equal((ReceiverFault.Malformed, 200), (isLonger.Fault, isLonger.Status));
    }

    [Fact]
    public async Task An_endless_answer_that_nobody_wants_is_not_read()
    {
        await using var receiver = await LoopbackReceiver.StartAsync(async http =>
        {
            var block = new byte[16 * 1024];
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(block, http.RequestAborted);
            }
        });
        using var client = new ReceiverClient(Local, clock);

        Assert.True((await PostAsync(client, receiver.Url)).IsSuccess);
        Assert.True((await PostAsync(client, receiver.Url)).IsSuccess);
    }

    [Fact]
    public async Task Headers_without_end_are_a_malformed_answer()
    {
        await using var receiver = await LoopbackReceiver.StartAsync(http =>
        {
            http.Response.Headers["X-Long"] = new string('x', 32 * 1024);
            return Task.CompletedTask;
        });
        using var client = new ReceiverClient(Local, clock);

        Assert.Equal(ReceiverFault.Malformed, (await PostAsync(client, receiver.Url)).Fault);
    }

    [Fact]
    public async Task A_certificate_is_believed_when_the_file_of_authorities_has_it_and_the_name_is_right()
    {
        using var certificate = LoopbackReceiver.CertificateFor("receiver.example");
        await using var receiver = await LoopbackReceiver.StartAsync(_ => Task.CompletedTask, certificate);
        var lookup = Answering("127.0.0.1");
        using var strict = new ReceiverClient(Local, clock, lookup);
        using var trusting = new ReceiverClient(Local with { Authorities = [certificate] }, clock, lookup);
        var right = new Uri($"https://receiver.example:{receiver.Port}/");
        var wrong = new Uri($"https://other.example:{receiver.Port}/");

        Assert.Equal(ReceiverFault.Untrusted, (await PostAsync(strict, right)).Fault);
        Assert.Equal(200, (await PostAsync(trusting, right)).Status);
        Assert.Equal(ReceiverFault.Untrusted, (await PostAsync(trusting, wrong)).Fault);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_and_a_name_that_nobody_has_are_told_apart()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        using var client = new ReceiverClient(
            Local,
            clock,
            (host, _) =>
                host == "nowhere.example"
                    ? throw new SocketException((int)SocketError.HostNotFound)
                    : Task.FromResult<IPAddress[]>([IPAddress.Loopback])
        );

        var nobody = await PostAsync(client, new Uri($"http://receiver.example:{port}/"));
        var nowhere = await PostAsync(client, new Uri("http://nowhere.example/"));

        Assert.Equal(ReceiverFault.Unreachable, nobody.Fault);
        Assert.Equal(ReceiverFault.NameUnknown, nowhere.Fault);
    }

    private static NameLookup Answering(params string[] addresses) =>
        (_, _) => Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)]);

    private static Task<ReceiverAnswer> PostAsync(ReceiverClient client, Uri url, int bytesMax = 0) =>
        client.PostAsync(
            new ReceiverCall
            {
                Url = url,
                Body = "hello"u8.ToArray(),
                ContentType = new MediaTypeHeaderValue("text/plain", "utf-8"),
                TimeLimit = TimeSpan.FromSeconds(10),
                AnswerBytesMax = bytesMax,
            },
            TestContext.Current.CancellationToken
        );
}
