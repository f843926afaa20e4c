using OpenPresence.Engine;
using OpenPresence.Server.Seed;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Testing;

/// <summary>What a person shows, in Graph's words.</summary>
/// <param name="Availability">Such as <c>Busy</c>.</param>
/// <param name="Activity">Such as <c>InACall</c>.</param>
public sealed record ShownPresence(string Availability, string Activity)
{
    /// <summary>Both, as <c>Busy/InACall</c>.</summary>
    public override string ToString() => $"{Availability}/{Activity}";
}

/// <summary>
/// A person of the tenant. What a test says here, the person's own device says; it is no caller's request.
/// </summary>
public sealed class PresencePerson
{
    private readonly PresenceServer server;
    private readonly Person person;

    internal PresencePerson(PresenceServer server, Person person) => (this.server, this.person) = (server, person);

    /// <summary>The object id, as it stands in addresses.</summary>
    public string Id => person.Id.ToString();

    /// <summary>The name.</summary>
    public string DisplayName => person.DisplayName;

    /// <summary>The sign-in name.</summary>
    public string UserPrincipalName => person.UserPrincipalName;

    /// <summary>
    /// What every caller may read of the person now: of all devices, programs and choices the one that wins.
    /// </summary>
    public ShownPresence Shows
    {
        get
        {
            var state = server.Host.Node.State;
            var tenant = state.Board.Tenants.GetOrAdd(person.TenantId);
            return state.Board.TryRead(tenant, person.Id, out var view)
                ? Words(Server.State.Presences.PairNumbers.Pair(view.Entry.Pair))
                : new ShownPresence("PresenceUnknown", "PresenceUnknown");
        }
    }

    internal Guid Key => person.Id;

    private Guid Device => SeedIds.From(person.Id, "device of the test");

    /// <summary>Has the person's device show something, from now on.</summary>
    /// <param name="availability">Such as <c>Busy</c>.</param>
    /// <param name="activity">Such as <c>InACall</c>; the same word as the availability if it is left out.</param>
    /// <param name="duration">How long, by the server's clock; null: until something else is said.</param>
    /// <exception cref="ArgumentException">There is no such pair; names those that there are.</exception>
    public async Task ShowAsync(string availability, string? activity = null, TimeSpan? duration = null)
    {
        if (PairCheck.Check(availability, activity ?? availability, PairUses.Read, out var pair) != PairFaults.None)
        {
            throw new ArgumentException(
                $"Nobody can show {availability}/{activity ?? availability}; there are {PairCheck.Allowed(PairUses.Read)}.",
                nameof(availability)
            );
        }
        await DoAsync(new ReportDevice(Device, pair, duration ?? SeedPresence.Forever));
    }

    /// <summary>Signs the person's device off: without anything else the person is <c>Offline</c>.</summary>
    public Task SignOffAsync() => DoAsync(new RemoveDevice(Device));

    /// <summary>Sets the status message; an empty one takes it away.</summary>
    /// <param name="message">Plain text.</param>
    /// <param name="duration">How long it stands, by the server's clock; null: until it is changed.</param>
    public Task SayAsync(string message, TimeSpan? duration = null) =>
        DoAsync(new SetStatusMessage(message, duration is { } lasts ? server.Host.Node.State.Clock.Now + lasts : null));

    /// <summary>Ends when every caller may read this of the person; at once if so already.</summary>
    /// <exception cref="TimeoutException">The person showed something else for as long as anything waits.</exception>
    public async Task WaitUntilShowsAsync(string availability, string? activity = null)
    {
        var wanted = new ShownPresence(availability, activity ?? availability);
        var follower = server.Host.Node.State.Board.Feed.Follow();
        var changes = new Server.State.Presences.Change[64];
        using var limit = new CancellationTokenSource(server.WaitLimit);
        while (Shows != wanted)
        {
            try
            {
                await follower.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException(
                    $"{DisplayName} shows {Shows} after {server.WaitLimit}, not {wanted}.",
                    late
                );
            }
            follower.Read(changes, out _);
        }
    }

    /// <inheritdoc />
    public override string ToString() => $"{DisplayName} ({Shows})";

    internal static async Task<PresencePerson> AddAsync(PresenceServer server, Tenant tenant, string displayName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(displayName);
        var local = string.Join('.', displayName.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var name = $"{local}@{tenant.Domains[0]}";
        if (server.Host.Node.State.Directory.TryGetPerson(name, out _))
        {
            throw new ArgumentException($"{name} is there already.", nameof(displayName));
        }
        var added = new Person(SeedIds.From(tenant.Id, name), tenant.Id, name, displayName) { Mail = name };
        var result = await server.Host.Node.ExecuteAsync(new PersonUpserted(added));
        return result.Directory == DirectoryOutcome.Done
            ? new PresencePerson(server, added)
            : throw new ArgumentException($"'{displayName}' cannot be added: {result.Directory}.", nameof(displayName));
    }

    private async Task DoAsync(PresenceCommand command) => await server.Host.Node.ExecuteAsync(person.Id, command);

    private static ShownPresence Words(PresencePair pair) =>
        new(PairNames.Of(pair.Availability), PairNames.Of(pair.Activity));
}
