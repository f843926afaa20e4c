namespace OpenPresence.Server.Graph;

/// <summary>
/// Writes an answer whose length is known straight into the connection's buffer: one span, no copy in
/// between. Starting the response first is what makes the buffer the connection's own.
/// </summary>
public static class Answer
{
    /// <summary>Sends the headers and gives the room for exactly <paramref name="length"/> bytes.</summary>
    public static Span<byte> Begin(GraphCall call, int length)
    {
        var response = call.Http.Response;
        response.ContentType = ResponseFrame.JsonContentType;
        response.ContentLength = length;
        var started = response.StartAsync(call.Http.RequestAborted);
        // Kestrel starts a response without waiting; the buffer is asked for only then.
        started.GetAwaiter().GetResult();
        return response.BodyWriter.GetSpan(length);
    }

    /// <summary>Says that the bytes are in place; the connection sends them when the call returns.</summary>
    public static void End(GraphCall call, int length) => call.Http.Response.BodyWriter.Advance(length);
}
