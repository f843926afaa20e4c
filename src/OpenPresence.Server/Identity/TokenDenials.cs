using System.Collections.Frozen;
using System.Collections.Immutable;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Identity;

/// <summary>
/// Tokens that are ended before their time, on request of the control API. A token cannot be taken back, so what counts is kept
/// here: whose, and until when it was issued. In memory: a development server that starts anew has forgotten it.
/// </summary>
/// <remarks>
/// A client whose token is ended gets another one at once, often in the same second, and that one must be good. So it
/// is not the instant of issue that decides alone, which has whole seconds and which issuers put back by minutes: a
/// token is ended if it was seen here before, or if it is older than any issuer puts back.
/// </remarks>
public sealed class TokenDenials
{
    /// <summary>So many can hold at once.</summary>
    public const int DenialsMax = 1000;

    /// <summary>Issuers write an instant of issue that is earlier by up to this, for clocks that are behind.</summary>
    public static readonly TimeSpan PutBackMax = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private Denial[]? denials;

    /// <summary>Ends tokens; false: as many denials hold as can.</summary>
    /// <param name="applicationId">Of this application; null: of any.</param>
    /// <param name="userId">Of this person; null: of every person.</param>
    /// <param name="seen">Whose tokens were seen here.</param>
    /// <param name="now">When.</param>
    /// <param name="refusal">What their holders are told.</param>
    public bool TryAdd(Guid? applicationId, Guid? userId, IEnumerable<Caller> seen, DateTimeOffset now, Refusal refusal)
    {
        lock (gate)
        {
            // A later one for the same replaces an earlier one, whose tokens it has seen as well.
            var same = denials?.FirstOrDefault(one => one.ApplicationId == applicationId && one.UserId == userId);
            var others = denials?.Where(one => one != same).ToImmutableArray() ?? [];
            if (others.Length >= DenialsMax)
            {
                return false;
            }
            var tags = seen.Where(caller => Concerns(caller, applicationId, userId))
                .Select(caller => caller.Tag)
                .Concat(same?.Seen ?? Enumerable.Empty<ulong>());
            denials = [.. others, new Denial(applicationId, userId, tags.ToFrozenSet(), now - PutBackMax, refusal)];
            return true;
        }
    }

    /// <summary>Why a caller's token is good no more; null: it is good.</summary>
    public Refusal? Of(Caller caller) => Volatile.Read(ref denials) is { } all ? Find(all, caller) : null;

    // A closure of its own, so that nobody pays for it while no denial holds.
    private static Refusal? Find(Denial[] all, Caller caller) =>
        Array.Find(all, denial => denial.Ends(caller))?.Refusal;

    private static bool Concerns(Caller caller, Guid? applicationId, Guid? userId) =>
        (applicationId is not { } application || application == caller.ApplicationId)
        && (userId is not { } user || user == caller.UserId);

    private sealed record Denial(
        Guid? ApplicationId,
        Guid? UserId,
        FrozenSet<ulong> Seen,
        DateTimeOffset IssuedBefore,
        Refusal Refusal
    )
    {
        public bool Ends(Caller caller) =>
            Concerns(caller, ApplicationId, UserId) && (Seen.Contains(caller.Tag) || caller.IssuedAt < IssuedBefore);
    }
}
