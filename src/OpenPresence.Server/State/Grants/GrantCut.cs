using OpenPresence.Engine;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Grants;

/// <summary>
/// The grants at one position of the journal, exact whatever is applied afterwards; written at
/// leisure on another thread. Two states that saw the same changes write the same bytes.
/// </summary>
public sealed class GrantCut
{
    private const uint FormatVersion = 1;

    private enum Entry : byte
    {
        Code = 1,
        DeviceCode = 2,
        Grant = 3,
    }

    private readonly GrantTables _tables;

    internal GrantCut(GrantTables tables) => _tables = tables;

    /// <summary>Writes the cut; the stream stays open and may go on with something else.</summary>
    public void WriteTo(Stream output)
    {
        var frames = new FrameWriter(output);
        frames.Values.Number(FormatVersion);
        foreach (var (key, code) in _tables.Codes.InOrder)
        {
            Write(frames.Values, key, code);
            frames.FlushIfFull();
        }

        foreach (var (key, device) in _tables.DeviceCodes.InOrder)
        {
            Write(frames.Values, key, device);
            frames.FlushIfFull();
        }

        foreach (var (_, grant) in _tables.Grants.OrderBy(g => g.Key))
        {
            Write(frames.Values, grant);
            frames.FlushIfFull();
        }

        frames.End();
    }

    /// <summary>
    /// The state that a cut was made of; takes exactly its own bytes from the stream.
    /// </summary>
    /// <exception cref="InvalidDataException">Damaged, or written by a newer program.</exception>
    public static GrantState ReadFrom(Stream input)
    {
        var frames = new FrameReader(input);
        var tables = GrantTables.Empty;
        var isFirst = true;
        for (var frame = frames.Next(); !frame.IsEmpty; frame = frames.Next())
        {
            var values = new PackedReader(frame);
            if (isFirst && values.Number() != FormatVersion)
            {
                throw PackedReader.Broken();
            }

            isFirst = false;
            while (!values.AtEnd)
            {
                tables = (Entry)values.Number() switch
                {
                    Entry.Code => ReadCode(tables, ref values),
                    Entry.DeviceCode => ReadDeviceCode(tables, ref values),
                    Entry.Grant => ReadGrant(tables, ref values),
                    _ => throw PackedReader.Broken(),
                };
            }
        }

        return isFirst ? throw PackedReader.Broken() : new GrantState(tables);
    }

    private static void Write(PackedWriter output, SecretDigest key, IssuedCode code)
    {
        output.Number((byte)Entry.Code);
        output.Digest(key);
        output.Grant(code.Grant);
        output.Text(code.RedirectUri);
        output.OptionalText(code.CodeChallenge);
        output.OptionalText(code.Nonce);
        output.Instant(code.ExpiresAt);
        output.Flag(code.IsRedeemed);
    }

    private static GrantTables ReadCode(GrantTables tables, ref PackedReader input) =>
        tables.WithCode(
            input.Digest(),
            new IssuedCode(
                input.Grant(),
                input.Text(),
                input.OptionalText(),
                input.OptionalText(),
                input.Instant(),
                input.Flag()
            )
        );

    private static void Write(PackedWriter output, SecretDigest key, IssuedDeviceCode device)
    {
        output.Number((byte)Entry.DeviceCode);
        output.Digest(key);
        output.Digest(device.UserCode);
        output.Id(device.GrantId);
        output.Id(device.ClientId);
        output.Id(device.TenantId);
        output.Text(device.Scope);
        output.Instant(device.ExpiresAt);
        output.Number((byte)device.Decision);
        output.Id(device.PersonId);
        output.Flag(device.IsRedeemed);
    }

    private static GrantTables ReadDeviceCode(GrantTables tables, ref PackedReader input)
    {
        var key = input.Digest();
        var device = new IssuedDeviceCode(
            input.Digest(),
            input.Id(),
            input.Id(),
            input.Id(),
            input.Text(),
            input.Instant(),
            (DeviceDecision)input.Number(),
            input.Id(),
            input.Flag()
        );
        return device.Decision <= DeviceDecision.Denied
            ? tables.WithDeviceCode(key, device)
            : throw PackedReader.Broken();
    }

    private void Write(PackedWriter output, RefreshableGrant grant)
    {
        output.Number((byte)Entry.Grant);
        output.Grant(grant.Grant);
        output.Number((uint)grant.Tokens.Length);
        foreach (var key in grant.Tokens)
        {
            _tables.RefreshTokens.TryGet(key, new Instant(0), out var token);
            output.Digest(key);
            output.Instant(token!.ExpiresAt);
            output.Flag(token.RedeemedAt is not null);
            if (token.RedeemedAt is { } at)
            {
                output.Instant(at);
            }
        }
    }

    private static GrantTables ReadGrant(GrantTables tables, ref PackedReader input)
    {
        var grant = input.Grant();
        var count = input.Number();
        if (count is 0 or > GrantLimits.RefreshTokensPerGrantMax)
        {
            throw PackedReader.Broken();
        }

        for (var i = 0; i < count; i++)
        {
            var key = input.Digest();
            var expiresAt = input.Instant();
            Instant? redeemedAt = input.Flag() ? input.Instant() : null;
            tables = tables.WithRefreshToken(grant, key, new(grant.Id, expiresAt, redeemedAt));
        }

        return tables;
    }
}
