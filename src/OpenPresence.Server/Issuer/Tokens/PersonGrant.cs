using System.Buffers;
using OpenPresence.Engine;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Keys;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.Issuer.Tokens;

/// <summary>
/// Who granted what to whom, as codes and refresh tokens carry it: sealed, so that nothing has to be remembered of one that
/// is good, and a restart or another node takes it as it is.
/// </summary>
/// <param name="SessionId">Of the sign-in; what comes of one shares it, and ends with it.</param>
/// <param name="TenantId">The person's tenant.</param>
/// <param name="PersonId">The person.</param>
/// <param name="ClientId">The application.</param>
/// <param name="Scope">The scopes as they were asked for.</param>
/// <param name="EndsAt">When the code or token ends.</param>
/// <param name="MadeAt">The journal's position when it was made, or was last found to be good; see <see
/// cref="State.Revocations.RevokedSignIns"/>.</param>
internal sealed record PersonGrant(
    Guid SessionId,
    Guid TenantId,
    Guid PersonId,
    Guid ClientId,
    string Scope,
    Instant EndsAt,
    long MadeAt
)
{
    private const string CodePurpose = "openpresence authorization code 1";
    private const string RefreshTokenPurpose = "openpresence refresh token 1";

    /// <summary>
    /// A refresh token is filled up to this, so that it is as long as Entra ID's, 1,000 to 1,600 characters: what has no room
    /// for such a one must fail here too.
    /// </summary>
    private const int RefreshTokenBytesMin = 880;

    /// <summary>The text's own name, for one that was opened.</summary>
    public string Id { get; private init; } = "";

    /// <summary>What a code is bound to; null: it is a refresh token's grant.</summary>
    public CodeBinding? Binding { get; init; }

    /// <summary>The grant of a new sign-in, with the life of a refresh token.</summary>
    public static async ValueTask<PersonGrant> NewAsync(
        IssuerCall call,
        Guid tenantId,
        Guid personId,
        Guid clientId,
        string scope
    ) =>
        new(
            Guid.NewGuid(),
            tenantId,
            personId,
            clientId,
            scope,
            call.Now + IssuerLimits.RefreshTokenLifetime,
            await call.Issuer.CatchUpAsync(call.Cancel)
        );

    public string SealCode(SigningKey key) => SealedText.Seal(key, CodePurpose, Write(0));

    public string SealRefreshToken(SigningKey key) =>
        SealedText.Seal(key, RefreshTokenPurpose, Write(RefreshTokenBytesMin));

    /// <summary>What a code stands for, also of one that has ended; null: it is none, or it was revoked.</summary>
    public static ValueTask<PersonGrant?> OpenCodeAsync(IssuerCall call, string code) =>
        OpenAsync(call, CodePurpose, code);

    /// <summary>What a refresh token stands for, also of one that has ended; null: it is none, or it was revoked.</summary>
    public static ValueTask<PersonGrant?> OpenRefreshTokenAsync(IssuerCall call, string token) =>
        OpenAsync(call, RefreshTokenPurpose, token);

    private static async ValueTask<PersonGrant?> OpenAsync(IssuerCall call, string purpose, string text)
    {
        if (await SealedText.OpenAsync(call.Issuer.Keys, purpose, text, call.Cancel) is not { } opened)
        {
            return null;
        }

        var grant = Read(opened.Content);
        var position = await call.Issuer.CatchUpAsync(call.Cancel);
        var revoked = call.Issuer.Node.State.RevokedSignIns;
        return
            grant.MadeAt > position || revoked.Contains(grant.PersonId, grant.ClientId, grant.SessionId, grant.MadeAt)
            ? null
            : grant with
            {
                Id = opened.Id,
                MadeAt = position,
            };
    }

    private byte[] Write(int bytesMin)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var output = new PackedWriter(buffer);
        output.Id(SessionId);
        output.Id(TenantId);
        output.Id(PersonId);
        output.Id(ClientId);
        output.Long(EndsAt.Ticks);
        output.Long(MadeAt);
        output.Text(Scope);
        output.Flag(Binding is not null);
        if (Binding is not null)
        {
            output.Text(Binding.RedirectUri);
            output.OptionalText(Binding.CodeChallenge);
            output.OptionalText(Binding.Nonce);
        }

        var content = new byte[Math.Max(bytesMin, buffer.WrittenCount)];
        buffer.WrittenSpan.CopyTo(content);
        return content;
    }

    private static PersonGrant Read(ReadOnlySpan<byte> content)
    {
        var input = new PackedReader(content);
        var (session, tenant, person, client) = (input.Id(), input.Id(), input.Id(), input.Id());
        var endsAt = new Instant(input.Long());
        var madeAt = input.Long();
        return new(session, tenant, person, client, input.Text(), endsAt, madeAt)
        {
            Binding = input.Flag() ? new(input.Text(), input.OptionalText(), input.OptionalText()) : null,
        };
    }
}

/// <summary>What the redemption of a code has to show.</summary>
/// <param name="RedirectUri">Where it was sent; must be named again.</param>
/// <param name="CodeChallenge">What the verifier's SHA-256 must be (PKCE); null: none.</param>
/// <param name="Nonce">For the id token; null: none.</param>
internal sealed record CodeBinding(string RedirectUri, string? CodeChallenge, string? Nonce);
