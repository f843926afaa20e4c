namespace OpenPresence.Server.Identity;

/// <summary>
/// Keeps the framework from logging what this folder takes care not to. Kestrel, asked for its debug messages, quotes the
/// line of a request that it could not read; when a broken client splits a header, that line is half a token.
/// </summary>
public static class TokenFreeLogs
{
    private const string QuotesRequests = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

    /// <summary>Leaves out those messages, whatever level is asked for.</summary>
    public static ILoggingBuilder WithoutTokens(this ILoggingBuilder logging) =>
        logging.AddFilter(QuotesRequests, LogLevel.Information);
}
