using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using OpenPresence.Server.Auth;

namespace OpenPresence.Server.Live;

/// <summary>
/// Lets a browser's EventSource in, which can set no header: who holds a token gets a ticket for it, and the ticket
/// stands in the stream's address. Addresses end in logs, of proxies too; a ticket that is found there opens
/// nothing any more, because it counts once and for half a minute. The tempting alternative, the token itself as a
/// query parameter, would leave there what opens everything for an hour.
/// </summary>
public sealed class LiveTickets(TimeProvider time)
{
    private const int TicketBytes = 32;

    private readonly ConcurrentDictionary<string, (Caller Caller, DateTimeOffset EndsAt)> tickets =
        new(StringComparer.Ordinal);

    /// <summary>A ticket for a caller; null: too many are out.</summary>
    public string? Issue(Caller caller)
    {
        var now = time.GetUtcNow();
        if (tickets.Count >= LiveLimits.TicketsMax)
        {
            foreach (var (old, (_, endsAt)) in tickets)
            {
                if (endsAt <= now)
                {
                    tickets.TryRemove(old, out _);
                }
            }
        }
        if (tickets.Count >= LiveLimits.TicketsMax)
        {
            return null;
        }
        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TicketBytes));
        tickets[ticket] = (caller, now.AddSeconds(LiveLimits.TicketSeconds));
        return ticket;
    }

    /// <summary>The caller of a ticket, which is good no more; null: it never was, or is no longer.</summary>
    public Caller? Take(string ticket) =>
        tickets.TryRemove(ticket, out var held) && held.EndsAt > time.GetUtcNow()
            ? held.Caller
            : null;

    /// <summary>Forgets the tickets of some callers.</summary>
    public void Forget(Func<Caller, bool> whose)
    {
        foreach (var (ticket, (caller, _)) in tickets)
        {
            if (whose(caller))
            {
                tickets.TryRemove(ticket, out _);
            }
        }
    }
}
