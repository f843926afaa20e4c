using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Hosting;

/// <summary>What a served process logs: one line an event, to standard output.</summary>
public static class ServeLogging
{
    private const string Instants = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>
    /// The framework makes an activity for each request as soon as anybody could log in this category, and only that. Without it,
    /// activities are made for those who trace, and nobody else pays for them.
    /// </summary>
    private const string MakesActivities = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <summary>Text for people, or an object for each line, in which every value of a message has a member of its own.</summary>
    public static Action<ILoggingBuilder> As(LogFormat format) =>
        logging =>
        {
            logging.SetMinimumLevel(LogLevel.Information);
            logging.AddFilter("Microsoft", LogLevel.Warning);
            logging.AddFilter(MakesActivities, LogLevel.None);
            if (format == LogFormat.Text)
            {
                logging.AddSimpleConsole(console =>
                {
                    console.SingleLine = true;
                    console.UseUtcTimestamp = true;
                    console.TimestampFormat = Instants + ' ';
                });
                return;
            }
            // With a trace under way, its id joins the line to the trace.
            logging.Configure(factory =>
                factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId
            );
            logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = Instants;
            });
        };
}
