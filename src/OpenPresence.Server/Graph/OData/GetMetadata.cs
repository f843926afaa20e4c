using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.OData;

/// <summary>
/// Reads the schema of what this server answers, as CSDL. It is a part of Graph's own, member for member: what Graph
/// has beyond it is not here, and so is what this server has beyond Graph.
/// </summary>
/// <remarks>
/// <para>Route: GET /$metadata</para>
/// <para>Permissions: none, and no token: clients read it before they have one.</para>
/// <para>Body: none.</para>
/// <para>Answers: 200 the document, the same on v1.0 and beta.</para>
/// <para>Source: https://learn.microsoft.com/graph/traverse-the-graph</para>
/// </remarks>
public static class GetMetadata
{
    private const string ResourceName = "graph.csdl.xml";

    private static readonly byte[] Document = Read();

    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        call.Http.Response.ContentType = "application/xml";
        call.Http.Response.ContentLength = Document.Length;
        await call.Http.Response.Body.WriteAsync(Document, call.Http.RequestAborted);
        return null;
    }

    private static byte[] Read()
    {
        using var stream = typeof(GetMetadata).Assembly.GetManifestResourceStream(ResourceName)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
