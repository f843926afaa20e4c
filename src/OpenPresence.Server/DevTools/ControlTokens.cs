using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Identity;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Revocations;
using OpenPresence.Server.Streaming;

namespace OpenPresence.Server.DevTools;

/// <summary>
/// Ends tokens before their time. <c>expire</c> is what happens to a client after an hour: its access token is good no
/// more, its refresh token is. <c>revoke</c> is what an administrator does: both end, and a person has to sign in again.
/// </summary>
public sealed class ControlTokens(GraphServer server, LiveEndpoints live)
{
    private static readonly Refusal Revoked = new(RefusalKind.TokenRejected, "The token was revoked.");

    /// <summary>The routes of tokens.</summary>
    public IEnumerable<ControlRoute> Routes =>
        [
            new(
                "POST",
                "/control/tokens/expire",
                "Lets access tokens expire now.",
                (call, _) => EndAsync(call, isRevoked: false)
            ),
            new(
                "POST",
                "/control/tokens/revoke",
                "Revokes access and refresh tokens.",
                (call, _) => EndAsync(call, isRevoked: true)
            ),
        ];

    private async ValueTask<Refusal?> EndAsync(GraphCall call, bool isRevoked)
    {
        var (body, refusal) = await ActionBody.ReadAsync(call, mayBeEmpty: true);
        if (body is null)
        {
            return refusal;
        }
        using (body)
        {
            var values = body.Members("applicationId", "userId");
            var application = ControlBody.Id(body, values[0], "applicationId");
            var user = ControlBody.Id(body, values[1], "userId");
            if (body.Refusal is { } wrong)
            {
                return wrong;
            }
            return await EndAsync(call, application, user, isRevoked);
        }
    }

    private async ValueTask<Refusal?> EndAsync(GraphCall call, Guid? application, Guid? user, bool isRevoked)
    {
        if (isRevoked)
        {
            // First, so that nobody renews what is about to end.
            var revocation = new Revocation(user ?? Guid.Empty, application ?? Guid.Empty);
            await server.Node.AppendAsync(EntryPayload.Of(revocation));
        }
        var words = isRevoked ? Revoked : TokenRefusals.Expired;
        if (!server.Authenticator.Deny(application, user, server.Time.GetUtcNow(), words))
        {
            return new Refusal(
                RefusalKind.LimitReached,
                $"{TokenDenials.DenialsMax} such orders hold already; ask for all tokens at once."
            );
        }
        live.End(
            isRevoked ? LiveEnd.TokenRevoked : LiveEnd.TokenExpired,
            caller => server.Authenticator.Denials.Of(caller) is not null
        );
        return await ControlBody.Done(call);
    }
}
