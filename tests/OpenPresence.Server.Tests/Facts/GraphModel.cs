using System.Xml;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;

namespace OpenPresence.Server.Tests.Facts;

/// <summary>
/// Graph's own model of presence, subscriptions and users, and a reader of answers that knows nothing but it: the
/// OData library of Microsoft, strict, so that a member that the model lacks, a value of another type or
/// a context that names nothing is an exception.
/// </summary>
internal static class GraphModel
{
    /// <summary>The model, from the subset of Graph's CSDL beside this file.</summary>
    public static IEdmModel Model { get; } = Load();

    /// <summary>Reads an answer to its end; how many entities of the type that its context names.</summary>
    /// <exception cref="ODataException">The answer is not what the model says.</exception>
    public static int Read(byte[] body, Uri serviceRoot, bool isCollection)
    {
        var settings = new ODataMessageReaderSettings(ODataVersion.V4)
        {
            BaseUri = serviceRoot,
            Validations = ValidationKinds.All,
            ShouldIncludeAnnotation = _ => true,
        };
        using var message = new Answer(body);
        using var reader = new ODataMessageReader(message, settings, Model);
        var resources = isCollection ? reader.CreateODataResourceSetReader() : reader.CreateODataResourceReader();
        var entities = 0;
        while (resources.Read())
        {
            if (
                resources is { State: ODataReaderState.ResourceEnd, Item: ODataResource resource }
                && Model.FindDeclaredType(resource.TypeName) is IEdmEntityType
            )
            {
                entities++;
            }
        }
        return entities;
    }

    private static IEdmModel Load()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Facts", "csdl-presence-subset.xml");
        using var xml = XmlReader.Create(file);
        return CsdlReader.TryParse(xml, out var model, out var errors)
            ? model
            : throw new InvalidDataException(string.Join('\n', errors));
    }

    private sealed class Answer(byte[] body) : IODataResponseMessage, IDisposable
    {
        private readonly MemoryStream stream = new(body);

        public int StatusCode { get; set; } = 200;

        public IEnumerable<KeyValuePair<string, string>> Headers => [new("Content-Type", GetHeader("Content-Type"))];

        public string GetHeader(string headerName) =>
            headerName == "Content-Type" ? "application/json;odata.metadata=minimal"
            : headerName == "OData-Version" ? "4.0"
            : "";

        public void SetHeader(string headerName, string headerValue) => throw new NotSupportedException();

        public Stream GetStream() => stream;

        public void Dispose() => stream.Dispose();
    }
}
