using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
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
    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    private readonly ConcurrentDictionary<string, DateTimeOffset> used = new(StringComparer.Ordinal);

    /// <summary>A ticket for a caller.</summary>
    public async ValueTask<string> IssueAsync(Caller caller, CancellationToken cancel)
    {
        var key = await keys.CurrentAsync(cancel);
        var content = TicketContent.Write(caller, time.GetUtcNow().AddSeconds(LiveLimits.TicketSeconds));
        var ticket = new byte[NonceBytes + TagBytes + content.Length];
        RandomNumberGenerator.Fill(ticket.AsSpan(0, NonceBytes));
        using var cipher = CipherOf(key);
        cipher.Encrypt(
            ticket.AsSpan(0, NonceBytes),
            content,
            ticket.AsSpan(NonceBytes + TagBytes),
            ticket.AsSpan(NonceBytes, TagBytes)
        );
        return Base64Url.EncodeToString(ticket);
    }

    /// <summary>
    /// The caller of a ticket, which is good no more here; null: it never was, or is no longer, or too many were used lately
    /// to remember another one.
    /// </summary>
    public async ValueTask<Caller?> TakeAsync(string ticket, CancellationToken cancel)
    {
        if (ticket.Length > TicketContent.TextCharsMax || !Base64Url.IsValid(ticket))
        {
            return null;
        }
        var sealedBytes = Base64Url.DecodeFromChars(ticket);
        foreach (var key in await keys.PublishedAsync(cancel))
        {
            if (Open(key, sealedBytes) is { } content)
            {
                return
                    TicketContent.Read(content, out var caller) is var endsAt
                    && endsAt > time.GetUtcNow()
                    && TryUse(Convert.ToHexString(sealedBytes, 0, NonceBytes), endsAt)
                    ? caller
                    : null;
            }
        }
        return null;
    }

    /// <summary>By its random part: the same ticket can be spelled in several ways.</summary>
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

    private static byte[]? Open(SigningKey key, byte[] ticket)
    {
        if (ticket.Length < NonceBytes + TagBytes)
        {
            return null;
        }
        using var cipher = CipherOf(key);
        var content = new byte[ticket.Length - NonceBytes - TagBytes];
        try
        {
            cipher.Decrypt(
                ticket.AsSpan(0, NonceBytes),
                ticket.AsSpan(NonceBytes + TagBytes),
                ticket.AsSpan(NonceBytes, TagBytes),
                content
            );
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static AesGcm CipherOf(SigningKey key) => new(key.SecretFor(Purpose), TagBytes);
}
