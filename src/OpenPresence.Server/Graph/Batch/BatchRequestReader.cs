using System.Buffers.Text;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace OpenPresence.Server.Graph.Batch;

/// <summary>Reads one request of a batch; what is wrong goes to the faults, under its place.</summary>
internal sealed class BatchRequestReader(BatchFaults faults, string place, string authorization, BatchOrigins origins)
{
    /// <summary>An id comes back in the answer and in messages.</summary>
    public const int IdCharsMax = 128;

    private const string ContentType = "Content-Type";
    private static readonly string[] Methods = ["GET", "POST", "PATCH", "PUT", "DELETE"];

    public BatchRequest Read(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            faults.Add(place, "Must be an object.");
            return new BatchRequest("", "", "");
        }
        if (item.TryGetProperty("atomicityGroup", out _))
        {
            faults.Add($"{place}.atomicityGroup", "Requests cannot be made to succeed together.");
        }
        var request = new BatchRequest(ReadId(item), ReadMethod(item), ReadUrl(item))
        {
            Headers = ReadHeaders(item),
            DependsOn = ReadDependencies(item),
        };
        if (request.Header("Authorization") is { } own && !string.Equals(own, authorization, StringComparison.Ordinal))
        {
            faults.Add($"{place}.headers", "A batch has one caller: leave out Authorization.");
        }
        return request with { Body = ReadBody(item, request) };
    }

    private string ReadId(JsonElement item)
    {
        var id = Text(item, "id");
        if (id.Length > IdCharsMax)
        {
            faults.Add($"{place}.id", $"Is longer than {IdCharsMax} characters.");
        }
        return id;
    }

    private string ReadMethod(JsonElement item)
    {
        var method = Text(item, "method").ToUpperInvariant();
        if (method.Length > 0 && !Methods.Contains(method, StringComparer.Ordinal))
        {
            faults.Add($"{place}.method", $"Must be one of {string.Join(", ", Methods)}.");
        }
        return method;
    }

    private string ReadUrl(JsonElement item)
    {
        var url = Text(item, "url");
        if (origins.TryMakeRelative(url, out var fault) is not { } relative)
        {
            faults.Add($"{place}.url", fault);
            return "";
        }
        url = relative;
        var path = url.Split('?', 2)[0];
        if (path.Contains('\0', StringComparison.Ordinal) || path.Contains("%00"))
        {
            faults.Add($"{place}.url", "Holds a character that no address has.");
        }
        url = url.TrimStart('/');
        if (Uri.UnescapeDataString(path).Trim('/').Equals("$batch", StringComparison.OrdinalIgnoreCase))
        {
            faults.Add($"{place}.url", "A batch cannot hold another batch.");
        }
        return url;
    }

    private ImmutableArray<(string, string)> ReadHeaders(JsonElement item)
    {
        if (!TryGet(item, "headers", JsonValueKind.Object, "an object of texts", out var headers))
        {
            return [];
        }
        var read = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (var header in headers.EnumerateObject())
        {
            if (header.Value.ValueKind != JsonValueKind.String)
            {
                faults.Add($"{place}.headers", "Every header must be a text.");
                return [];
            }
            read.Add((header.Name, header.Value.GetString()!));
        }
        return read.DrainToImmutable();
    }

    private ImmutableArray<string> ReadDependencies(JsonElement item)
    {
        if (!TryGet(item, "dependsOn", JsonValueKind.Array, "an array of ids", out var ids))
        {
            return [];
        }
        if (ids.EnumerateArray().Any(id => id.ValueKind != JsonValueKind.String))
        {
            faults.Add($"{place}.dependsOn", "Must be an array of ids.");
            return [];
        }
        return [.. ids.EnumerateArray().Select(id => id.GetString()!)];
    }

    private byte[] ReadBody(JsonElement item, BatchRequest request)
    {
        var isThere = item.TryGetProperty("body", out var body) && body.ValueKind != JsonValueKind.Null;
        var type = request.Header(ContentType);
        if (request.Method is "POST" or "PATCH" or "PUT" && (type is null || !isThere))
        {
            // COMPAT(graph): so a write whose body may be empty needs {} in a batch (pnpcore, R)
            var what = type is null ? "A body needs a Content-Type header." : "A write needs a body.";
            faults.Add(
                $"{place}.body",
                what,
                $"Write request id : {request.Id} does not contain Content-Type header or body."
            );
        }
        if (!isThere)
        {
            return [];
        }
        if (type is null || type.Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            return JsonMarshal.GetRawUtf8Value(body).ToArray();
        }
        if (body.ValueKind == JsonValueKind.String && TryUnpack(body.GetString()!) is { } bytes)
        {
            return bytes;
        }
        faults.Add($"{place}.body", $"A body of type {type} must be a text in base64.");
        return [];
    }

    /// <summary>Base64 of either alphabet, padded or not.</summary>
    private static byte[]? TryUnpack(string text)
    {
        var url = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(url) ? Base64Url.DecodeFromChars(url) : null;
    }

    private string Text(JsonElement item, string member)
    {
        if (
            item.TryGetProperty(member, out var value)
            && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text
        )
        {
            return text;
        }
        faults.Add($"{place}.{member}", "Must be a text that is not empty.");
        return "";
    }

    private bool TryGet(JsonElement item, string member, JsonValueKind kind, string what, out JsonElement value)
    {
        if (!item.TryGetProperty(member, out value) || value.ValueKind == JsonValueKind.Null)
        {
            return false;
        }
        if (value.ValueKind == kind)
        {
            return true;
        }
        faults.Add($"{place}.{member}", $"Must be {what}.");
        return false;
    }
}
