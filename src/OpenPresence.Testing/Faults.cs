using System.Xml;
using OpenPresence.Server.DevTools;

namespace OpenPresence.Testing;

/// <summary>Lets requests to Graph's surface fail. What is left out matches everything; exactly one effect is named, or a delay.</summary>
public sealed record RequestFault
{
    /// <summary>The operation as Graph names it: <c>getMyPresence</c>, <c>setPresence</c>; null: any.</summary>
    public string? Operation { get; init; }

    /// <summary>The HTTP method; null: any.</summary>
    public string? Method { get; init; }

    /// <summary>The calling application; null: any.</summary>
    public string? ApplicationId { get; init; }

    /// <summary>Who calls, or whom the address names; null: any person.</summary>
    public PresencePerson? Person { get; init; }

    /// <summary>So many matching requests go through first.</summary>
    public int Skip { get; init; }

    /// <summary>So many are met; null: all, until the fault is disposed.</summary>
    public int? Count { get; init; }

    /// <summary>The chance that one is met, above 0 and 1 at most.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Where chance begins: equal seeds meet the same requests.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Effect: the status of the answer, 400 to 599.</summary>
    public int? Status { get; init; }

    /// <summary>With a status: <c>error.code</c>; null: what is usual for it.</summary>
    public string? Code { get; init; }

    /// <summary>With a status: the header <c>Retry-After</c>, in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Effect: the connection breaks, and nothing was done.</summary>
    public bool Drop { get; init; }

    /// <summary>Effect: the connection breaks after the request was carried out.</summary>
    public bool DropAfterwards { get; init; }

    /// <summary>Effect: 200, and JSON that ends in the middle.</summary>
    public bool Malformed { get; init; }

    /// <summary>How long the request waits first, by the system's clock; at most five minutes.</summary>
    public TimeSpan Delay { get; init; }

    internal object Body =>
        new
        {
            operation = Operation,
            method = Method,
            applicationId = ApplicationId,
            userId = Person?.Id,
            skip = Skip,
            count = Count,
            probability = Probability,
            seed = Seed,
            status = Status,
            code = Code,
            retryAfterSeconds = (int?)RetryAfter?.TotalSeconds,
            drop = Drop || DropAfterwards,
            afterwards = DropAfterwards,
            malformed = Malformed,
            delay = SetFault.Text(Delay),
        };
}

/// <summary>Lets notifications go wrong on their way. What is left out matches everything; one effect is named, or a delay.</summary>
public sealed record NotificationFault
{
    /// <summary>What they tell of: <c>presence</c> or a lifecycle event; null: anything.</summary>
    public string? Notification { get; init; }

    /// <summary>The subscription; null: any.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>Whose presence is told; null: any person's.</summary>
    public PresencePerson? Person { get; init; }

    /// <summary>So many matching notifications go through first.</summary>
    public int Skip { get; init; }

    /// <summary>So many are met; null: all, until the fault is disposed.</summary>
    public int? Count { get; init; }

    /// <summary>The chance that one is met, above 0 and 1 at most.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Where chance begins: equal seeds meet the same notifications.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Effect: the notification is lost, and the server does not make it good.</summary>
    public bool Drop { get; init; }

    /// <summary>Effect: it comes twice.</summary>
    public bool Duplicate { get; init; }

    /// <summary>Effect: the next one for the same address overtakes it.</summary>
    public bool Reorder { get; init; }

    /// <summary>Effect: its validation tokens have expired.</summary>
    public bool ExpiredTokens { get; init; }

    /// <summary>How long it waits first, by the server's clock; at most an hour.</summary>
    public TimeSpan Delay { get; init; }

    internal object Body =>
        new
        {
            notification = Notification,
            subscriptionId = SubscriptionId,
            userId = Person?.Id,
            skip = Skip,
            count = Count,
            probability = Probability,
            seed = Seed,
            drop = Drop,
            duplicate = Duplicate,
            reorder = Reorder,
            expiredTokens = ExpiredTokens,
            delay = SetFault.Text(Delay),
        };
}

/// <summary>A fault that is set; disposing it takes it away.</summary>
public sealed class SetFault : IAsyncDisposable
{
    private readonly PresenceServer server;
    private readonly string path;
    private readonly CountedFault counted;

    private SetFault(PresenceServer server, string path, CountedFault counted) =>
        (this.server, this.path, this.counted) = (server, path, counted);

    /// <summary>How many requests or notifications it matched.</summary>
    public int Matched => counted.Seen;

    /// <summary>How many of them it met.</summary>
    public int Met => counted.Met;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            await server.Control.DeleteAsync($"{path}/{counted.Id}");
        }
        catch (InvalidOperationException)
        {
            // A reset has taken it away, or the server is gone, and its faults with it.
        }
    }

    internal static Task<SetFault> SetAsync(PresenceServer server, RequestFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return SetAsync(server, "faults", fault.Body, () => server.Host.Tools!.Faults.All);
    }

    internal static Task<SetFault> SetAsync(PresenceServer server, NotificationFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return SetAsync(server, "webhooks/faults", fault.Body, () => server.Host.Tools!.WebhookFaults.All);
    }

    internal static string? Text(TimeSpan delay) => delay == TimeSpan.Zero ? null : XmlConvert.ToString(delay);

    private static async Task<SetFault> SetAsync(
        PresenceServer server,
        string path,
        object body,
        Func<IEnumerable<CountedFault>> all
    )
    {
        var id = (string?)(await server.Control.PostAsync(path, body))["id"];
        return new SetFault(server, path, all().First(fault => fault.Id == id));
    }
}
