using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.State.Grants;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>
/// Looks for a code or token. What is not found may have been handed out by another node a moment ago, whose entry this
/// one has not applied yet: then it waits once, and looks again.
/// </summary>
internal static class GrantLookup
{
    public static async ValueTask<T?> FindAsync<T>(IssuerCall call, Func<GrantState, T?> find)
        where T : class
    {
        var grants = call.Issuer.Grants;
        if (find(grants.State) is { } known)
        {
            return known;
        }

        await grants.CatchUpAsync(call.Cancel);
        return find(grants.State);
    }
}
