using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace OpenPresence.Server.Graph;

/// <summary>
/// Tells whoever measures or traces requests which route of Graph's they met. ASP.NET Core measures and traces them itself, but
/// knows no routes: this server does not use its routing. While nobody listens, that is two looks at flags for a request.
/// </summary>
public sealed class RequestTelemetry
{
    private ActivitySource? source;
    private Func<bool>? isMeasured;

    /// <summary>Whether a listener measures or traces.</summary>
    public bool IsOn => isMeasured?.Invoke() == true || source?.HasListeners() == true;

    /// <summary>Joins what the host has made; before that there is no listener.</summary>
    internal void Join(ActivitySource? requests, Func<bool> measures) => (source, isMeasured) = (requests, measures);

    /// <summary>Names the route of a request.</summary>
    public static void Name(HttpContext http, GraphRoute route)
    {
        http.Features.Get<IHttpMetricsTagsFeature>()?.Tags.Add(new("http.route", route.Pattern));
        if (http.Features.Get<IHttpActivityFeature>()?.Activity is { } activity)
        {
            activity.DisplayName = $"{route.Method} {route.Pattern}";
            activity.SetTag("http.route", route.Pattern);
        }
    }
}
