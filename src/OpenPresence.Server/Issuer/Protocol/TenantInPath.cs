using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>
/// The tenant that a path names: one of the directory, or whichever the caller belongs to.
/// </summary>
internal static class TenantInPath
{
    public const string Common = "common";
    public const string Organizations = "organizations";

    /// <summary>The tenant, null for <c>common</c> and <c>organizations</c>; or why not.</summary>
    public static IssuerRefusal? Resolve(IssuerCall call, out Tenant? tenant)
    {
        tenant = null;
        return IsAny(call.Argument) || call.Issuer.Directory.TryGetTenant(call.Argument, out tenant)
            ? null
            : new(IssuerError.TenantUnknown, Quoted.Of(call.Argument));
    }

    public static bool IsAny(string name) =>
        name.Equals(Common, StringComparison.OrdinalIgnoreCase)
        || name.Equals(Organizations, StringComparison.OrdinalIgnoreCase);
}
