using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenPresence.Engine;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Webhooks.Delivery;
using Activity = OpenPresence.Engine.Activity;

namespace OpenPresence.Bench.Notify;

/// <summary>
/// From the moment at which a writer is told that its change is durable until the receiver has read the notification,
/// at a steady thousand changes a second, over loopback to a hundred receivers. Server, receivers and writer share one
/// process. The peer is a bare HttpClient that posts the same body to the same receivers at the same pace.
/// </summary>
internal sealed class NotifyBench : IAsyncDisposable
{
    private const int Receivers = 100;
    private const int People = 1000;
    private const int ChangesPerSecond = 1000;
    private const int EncryptTurns = 2000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(2);
    private static readonly Guid Tenant = new("aaaabbbb-0000-cccc-1111-dddd2222eeee");

    private readonly TemporaryDirectory folder = new();
    private readonly ConcurrentDictionary<Guid, long> begun = new();
    private readonly ConcurrentQueue<double> latencies = new();
    private readonly HttpClient bare = new();
    private readonly Guid[] people =
    [
        .. Enumerable.Range(1, People).Select(n => new Guid(n, 0, 0, [0xbe, 0, 0, 0, 0, 0, 0, 0])),
    ];

    private readonly bool[] busy = new bool[People];
    private WebApplication? receiver;
    private ServerHost? server;
    private byte[] body = [];

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        await using var bench = new NotifyBench();
        await bench.StartAsync(cancel);
        await bench.PaceAsync(WarmUp, bench.ChangeAsync, cancel);
        await bench.PaceAsync(WarmUp, bench.PostAsync, cancel);
        var ours = new List<double>();
        var ratios = new List<double>();
        var tails = new List<double>();
        var peers = new List<double>();
        for (var round = 0; round < options.Rounds; round++)
        {
            var peer = await bench.PaceAsync(Turn, bench.PostAsync, cancel);
            var mine = await bench.PaceAsync(Turn, bench.ChangeAsync, cancel);
            ours.Add(At(mine, 0.5));
            tails.Add(At(mine, 0.99));
            peers.Add(At(peer, 0.5));
            ratios.Add(At(mine, 0.5) / At(peer, 0.5));
        }
        return
        [
            new("notify-median", Median.Of(ours), "ms", Median.Of(ratios), "bare-post-median"),
            new("notify-p99", Median.Of(tails), "ms", null, null),
            new("bare-post-median", Median.Of(peers), "ms", null, null),
            new("notify-encrypt", EncryptMicroseconds(), "us/item", null, null),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
        if (receiver is not null)
        {
            await receiver.DisposeAsync();
        }
        bare.Dispose();
        folder.Dispose();
    }

    private async Task StartAsync(CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        receiver = builder.Build();
        receiver.Run(TakeAsync);
        await receiver.StartAsync(cancel);
        server = await ServerHost.StartAsync(
            new ServerOptions
            {
                HttpPort = 0,
                HttpsPort = -1,
                DataDirectory = folder.Sub("data"),
            },
            TimeProvider.System,
            logging => logging.SetMinimumLevel(LogLevel.None),
            cancel
        );
        var now = server.Node.State.Clock.Now;
        foreach (var person in people)
        {
            await server.Node.ExecuteAsync(new PersonKnown(person, Tenant));
        }
        for (var i = 0; i < Receivers; i++)
        {
            var subscription = new Subscription
            {
                Id = Guid.NewGuid(),
                TenantId = Tenant,
                ApplicationId = Guid.NewGuid(),
                UserId = null,
                Resource = "communications/presences",
                People = [.. people.Where((_, n) => n % Receivers == i).Order()],
                NotificationUrl = UrlOf(i),
                ClientState = "bench",
                ExpiresAt = now + TimeSpan.FromHours(1),
                AuthorizedUntil = now + TimeSpan.FromHours(1),
                DeliveredTo = 0,
            };
            await server.Node.ExecuteAsync(new SubscriptionCreated(subscription, int.MaxValue, false));
        }
    }

    private Uri UrlOf(int number) => new(new Uri(receiver!.Urls.First()), $"/{number}");

    /// <summary>One change of one person; begins to count when the writer is told.</summary>
    private async Task ChangeAsync(int number)
    {
        var person = people[number % People];
        // Always another pair than before, whatever was measured before.
        var isBusy = busy[number % People] = !busy[number % People];
        var pair = isBusy
            ? new PresencePair(Availability.Busy, Activity.InACall)
            : new PresencePair(Availability.Available, Activity.Available);
        await server!.Node.ExecuteAsync(person, new ReportDevice(Tenant, pair, TimeSpan.FromDays(1)));
        // Unless the receiver was there first.
        begun.TryAdd(person, Stopwatch.GetTimestamp());
        if (begun.TryGetValue(person, out var at) && at == 0)
        {
            begun.TryRemove(person, out _);
            latencies.Enqueue(0);
        }
    }

    /// <summary>The same body by a bare client.</summary>
    private async Task PostAsync(int number)
    {
        using var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        using var request = new HttpRequestMessage(HttpMethod.Post, UrlOf(number % Receivers)) { Content = content };
        request.Headers.Add("X-Begun", $"{Stopwatch.GetTimestamp()}");
        using var answer = await bare.SendAsync(request);
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var read = new MemoryStream(1024);
        await http.Request.Body.CopyToAsync(read);
        var now = Stopwatch.GetTimestamp();
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        if (http.Request.Headers.TryGetValue("X-Begun", out var sent))
        {
            latencies.Enqueue(Milliseconds(long.Parse(sent.ToString()), now));
            return;
        }
        body = read.ToArray();
        using var json = JsonDocument.Parse(body);
        foreach (var value in json.RootElement.GetProperty("value").EnumerateArray())
        {
            var person = value.GetProperty("resourceData").GetProperty("id").GetGuid();
            // Not told yet: the writer finds the zero and counts nothing.
            if (!begun.TryAdd(person, 0) && begun.TryRemove(person, out var at) && at > 0)
            {
                latencies.Enqueue(Milliseconds(at, now));
            }
        }
    }

    /// <summary>Does something at a steady pace; how long each took to arrive, in order of size.</summary>
    private async Task<double[]> PaceAsync(TimeSpan time, Func<int, Task> act, CancellationToken cancel)
    {
        latencies.Clear();
        begun.Clear();
        var total = (int)(time.TotalSeconds * ChangesPerSecond);
        var start = Stopwatch.GetTimestamp();
        var acting = new List<Task>(total);
        while (acting.Count < total)
        {
            var due = Stopwatch.GetElapsedTime(start).TotalSeconds * ChangesPerSecond;
            while (acting.Count < Math.Min(due, total))
            {
                acting.Add(act(acting.Count));
            }
            await Task.Delay(1, cancel);
        }
        await Task.WhenAll(acting);
        await SettleAsync(total, cancel);
        if (latencies.Count < total * 99 / 100)
        {
            Console.WriteLine($"only {latencies.Count} of {total} arrived");
        }
        return [.. latencies.Order()];
    }

    /// <summary>Waits until all have arrived, or none has for a while: two changes of somebody may be told as one.</summary>
    private async Task SettleAsync(int total, CancellationToken cancel)
    {
        var (seen, seenAt) = (latencies.Count, Stopwatch.GetTimestamp());
        while (seen < total && Stopwatch.GetElapsedTime(seenAt) < QuietMax)
        {
            await Task.Delay(10, cancel);
            if (latencies.Count is var now && now > seen)
            {
                (seen, seenAt) = (now, Stopwatch.GetTimestamp());
            }
        }
    }

    private static double EncryptMicroseconds()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(100)
        );
        var cipher = new PresenceCipher([.. certificate.RawData], "bench");
        var plain = new byte[200];
        cipher.Encrypt(plain);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < EncryptTurns; i++)
        {
            cipher.Encrypt(plain);
        }
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / EncryptTurns;
    }

    private static double Milliseconds(long from, long to) =>
        Math.Max(0, Stopwatch.GetElapsedTime(from, to).TotalMilliseconds);

    private static double At(double[] ordered, double share) =>
        ordered.Length == 0 ? double.NaN : ordered[(int)(share * (ordered.Length - 1))];
}
