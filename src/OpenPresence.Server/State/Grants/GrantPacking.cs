using System.Buffers.Binary;
using OpenPresence.Engine;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Grants;

/// <summary>The values of grants in packed form, for changes and snapshots alike.</summary>
internal static class GrantPacking
{
    public static void Digest(this PackedWriter output, SecretDigest digest)
    {
        Span<byte> bytes = stackalloc byte[SecretDigest.Bytes];
        digest.WriteTo(bytes);
        output.Bytes(bytes);
    }

    public static SecretDigest Digest(this ref PackedReader input)
    {
        var bytes = input.TextBytes();
        return bytes.Length == SecretDigest.Bytes ? new SecretDigest(bytes) : throw PackedReader.Broken();
    }

    public static void Instant(this PackedWriter output, Instant at)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.Ticks);
        output.Bytes(bytes);
    }

    public static Instant Instant(this ref PackedReader input)
    {
        var bytes = input.TextBytes();
        if (bytes.Length != sizeof(long))
        {
            throw PackedReader.Broken();
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return ticks >= 0 && ticks <= Engine.Instant.Never.Ticks ? new Instant(ticks) : throw PackedReader.Broken();
    }

    public static void Grant(this PackedWriter output, PersonGrant grant)
    {
        output.Id(grant.Id);
        output.Id(grant.TenantId);
        output.Id(grant.PersonId);
        output.Id(grant.ClientId);
        output.Text(grant.Scope);
    }

    public static PersonGrant Grant(this ref PackedReader input) =>
        new(input.Id(), input.Id(), input.Id(), input.Id(), input.Text());

    public static void Refresh(this PackedWriter output, NewRefreshToken? refresh)
    {
        output.Flag(refresh is not null);
        if (refresh is not null)
        {
            output.Digest(refresh.Token);
            output.Instant(refresh.ExpiresAt);
        }
    }

    public static NewRefreshToken? Refresh(this ref PackedReader input) =>
        input.Flag() ? new NewRefreshToken(input.Digest(), input.Instant()) : null;
}
