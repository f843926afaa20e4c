using System.Security.Cryptography;

namespace OpenPresence.Server.State.Machine;

/// <summary>
/// What a node's state is at a position, in 32 bytes: nodes that applied the same entries have the same. How
/// <c>openpresence journal verify</c> finds a node that differs, whatever the reason.
/// </summary>
/// <param name="Position">Of the entry that asked for it.</param>
/// <param name="Sha256">Of the state as a snapshot has it; null: another cut was still being written, ask again.</param>
public sealed record StateHash(long Position, byte[]? Sha256)
{
    /// <summary>Hashes a state; takes as long as writing it, without the disk.</summary>
    public static StateHash Of(NodeCut cut, CancellationToken cancel)
    {
        using var sha256 = SHA256.Create();
        using (var hashing = new CryptoStream(Stream.Null, sha256, CryptoStreamMode.Write))
        {
            cut.WriteTo(hashing, cancel);
        }
        return new StateHash(cut.Position, sha256.Hash);
    }

    /// <summary>For people and logs.</summary>
    public string Text => Sha256 is null ? "busy" : Convert.ToHexStringLower(Sha256);
}
