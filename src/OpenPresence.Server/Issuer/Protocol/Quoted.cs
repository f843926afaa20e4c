namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>
/// What a client sent, fit to be repeated in a message: short, and without what could break a line.
/// </summary>
internal static class Quoted
{
    public static string Of(string text)
    {
        var clean = new string([
            .. text.Take(IssuerLimits.QuotedCharsMax).Where(c => !char.IsControl(c) && !char.IsSurrogate(c)),
        ]);
        return text.Length > IssuerLimits.QuotedCharsMax ? clean + "…" : clean;
    }
}
