using System.Buffers;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Grants;

/// <summary>
/// Grant changes as bytes and back, for the journal. The first byte is the kind. Kinds are part of
/// the file format: append, never renumber; what this program does not know stops it, because
/// skipping it would make its state differ from the other nodes'.
/// </summary>
public static class GrantChangeCodec
{
    private enum Kind : byte
    {
        CodeIssued = 1,
        CodeRedeemed = 2,
        DeviceCodeIssued = 3,
        DeviceCodeApproved = 4,
        DeviceCodeDenied = 5,
        DeviceCodeRedeemed = 6,
        RefreshTokenIssued = 7,
        RefreshTokenRedeemed = 8,
        GrantsRevoked = 9,
    }

    /// <summary>Appends the change's bytes.</summary>
    public static void Write(ArrayBufferWriter<byte> buffer, GrantChange change)
    {
        var output = new PackedWriter(buffer);
        switch (change)
        {
            case CodeIssued c:
                output.Number((byte)Kind.CodeIssued);
                output.Digest(c.Code);
                output.Grant(c.Grant);
                output.Text(c.RedirectUri);
                output.OptionalText(c.CodeChallenge);
                output.OptionalText(c.Nonce);
                output.Instant(c.ExpiresAt);
                break;
            case CodeRedeemed c:
                output.Number((byte)Kind.CodeRedeemed);
                output.Digest(c.Code);
                output.Refresh(c.Refresh);
                break;
            case DeviceCodeIssued c:
                output.Number((byte)Kind.DeviceCodeIssued);
                output.Digest(c.DeviceCode);
                output.Digest(c.UserCode);
                output.Id(c.GrantId);
                output.Id(c.ClientId);
                output.Id(c.TenantId);
                output.Text(c.Scope);
                output.Instant(c.ExpiresAt);
                break;
            case DeviceCodeApproved c:
                output.Number((byte)Kind.DeviceCodeApproved);
                output.Digest(c.UserCode);
                output.Id(c.PersonId);
                break;
            case DeviceCodeDenied c:
                output.Number((byte)Kind.DeviceCodeDenied);
                output.Digest(c.UserCode);
                break;
            case DeviceCodeRedeemed c:
                output.Number((byte)Kind.DeviceCodeRedeemed);
                output.Digest(c.DeviceCode);
                output.Refresh(c.Refresh);
                break;
            case RefreshTokenIssued c:
                output.Number((byte)Kind.RefreshTokenIssued);
                output.Grant(c.Grant);
                output.Refresh(c.Refresh);
                break;
            case RefreshTokenRedeemed c:
                output.Number((byte)Kind.RefreshTokenRedeemed);
                output.Digest(c.Token);
                output.Refresh(c.Successor);
                break;
            case GrantsRevoked c:
                output.Number((byte)Kind.GrantsRevoked);
                output.Id(c.PersonId);
                output.Id(c.ClientId);
                break;
            default:
                throw new NotSupportedException($"No bytes for {change.GetType().Name}.");
        }
    }

    /// <summary>The change that the bytes, all of them, say.</summary>
    /// <exception cref="InvalidDataException">Damaged, or written by a newer program.</exception>
    public static GrantChange Read(ReadOnlySpan<byte> bytes)
    {
        var input = new PackedReader(bytes);
        GrantChange change = (Kind)input.Number() switch
        {
            Kind.CodeIssued => new CodeIssued(
                input.Digest(),
                input.Grant(),
                input.Text(),
                input.OptionalText(),
                input.OptionalText(),
                input.Instant()
            ),
            Kind.CodeRedeemed => new CodeRedeemed(input.Digest(), input.Refresh()),
            Kind.DeviceCodeIssued => new DeviceCodeIssued(
                input.Digest(),
                input.Digest(),
                input.Id(),
                input.Id(),
                input.Id(),
                input.Text(),
                input.Instant()
            ),
            Kind.DeviceCodeApproved => new DeviceCodeApproved(input.Digest(), input.Id()),
            Kind.DeviceCodeDenied => new DeviceCodeDenied(input.Digest()),
            Kind.DeviceCodeRedeemed => new DeviceCodeRedeemed(input.Digest(), input.Refresh()),
            Kind.RefreshTokenIssued => new RefreshTokenIssued(
                input.Grant(),
                input.Refresh() ?? throw PackedReader.Broken()
            ),
            Kind.RefreshTokenRedeemed => new RefreshTokenRedeemed(
                input.Digest(),
                input.Refresh() ?? throw PackedReader.Broken()
            ),
            Kind.GrantsRevoked => new GrantsRevoked(input.Id(), input.Id()),
            _ => throw PackedReader.Broken(),
        };
        return input.AtEnd ? change : throw PackedReader.Broken();
    }
}
