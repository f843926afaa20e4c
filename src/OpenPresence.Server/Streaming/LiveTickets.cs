using System.Collections.Concurrent;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Streaming;

/// <summary>
/// Lets a browser's EventSource in, which can set no header: who holds a token gets a ticket for it, and the ticket
/// stands in the stream's address. Addresses end in logs, of proxies too; a ticket that is found there opens
/// nothing any more, because it counts once on a node and for half a minute. The tempting alternative, the token itself as
/// a query parameter, would leave there what opens everything for an hour.
///
/// The next request may meet another node, so a ticket is not remembered: it is the caller, sealed with a secret that
/// follows from the signing keys, which all nodes have. Only that a ticket was used is remembered, where it was.
/// </summary>
public sealed class LiveTickets(SigningKeys keys, TimeProvider time)
{
    private const string Purpose = "openpresence live ticket 1";

    private readonly ConcurrentDictionary<string, DateTimeOffset> used = new(StringComparer.Ordinal);

    /// <summary>A ticket for a caller.</summary>
    public async ValueTask<string> IssueAsync(Caller caller, CancellationToken cancel)
    {
        var key = await keys.CurrentAsync(cancel);
        var endsAt = time.GetUtcNow().AddSeconds(LiveLimits.TicketSeconds);
        return SealedText.Seal(key, Purpose, TicketContent.Write(caller, endsAt));
    }

    /// <summary>
    /// The caller of a ticket, which is good no more here; null: it never was, or is no longer, or too many were used lately
    /// to remember another one.
    /// </summary>
    public async ValueTask<Caller?> TakeAsync(string ticket, CancellationToken cancel) =>
        ticket.Length <= TicketContent.TextCharsMax
        && await SealedText.OpenAsync(keys, Purpose, ticket, cancel) is { } opened
        && TicketContent.Read(opened.Content, out var caller) is var endsAt
        && endsAt > time.GetUtcNow()
        && TryUse(opened.Id, endsAt)
            ? caller
            : null;

    private bool TryUse(string ticket, DateTimeOffset endsAt)
    {
        if (used.Count >= LiveLimits.TicketsMax)
        {
            var now = time.GetUtcNow();
            foreach (var (old, end) in used)
            {
                if (end <= now)
                {
                    used.TryRemove(old, out _);
                }
            }
        }
        return used.Count < LiveLimits.TicketsMax && used.TryAdd(ticket, endsAt);
    }
}
