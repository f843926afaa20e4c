using System.Globalization;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Scim;

/// <summary>Finds a person, or reads all of them page by page.</summary>
/// <remarks>
/// <para>Route: GET /scim/v2/Users</para>
/// <para>Permissions: a provisioning token of the tenant.</para>
/// <para>Body: none. Query: filter, of comparisons with eq joined by and, one of them of userName, externalId or id;
/// startIndex from 1; count up to <see cref="PageMax"/>; attributes, excludedAttributes.</para>
/// <para>Answers: 200 the users and how many there are, in the order of their names; 400 invalidFilter, invalidValue;
/// 401; 429.</para>
/// <para>Source: RFC 7644, 3.4.2</para>
/// </remarks>
internal static class ListScimUsers
{
    /// <summary>The most users of a page.</summary>
    public const int PageMax = 200;

    /// <summary>The users of a page when the request does not say.</summary>
    public const int PageDefault = 100;

    public static async ValueTask<ScimFault?> HandleAsync(ScimCall call, string _)
    {
        var query = call.Http.Request.Query;
        if (Projection.Parse(query, out var fault) is not { } projection)
        {
            return fault;
        }
        if (
            !TryGetNumber(query["startIndex"], 1, out var startIndex)
            || !TryGetNumber(query["count"], PageDefault, out var count)
        )
        {
            return ScimFault.BadRequest(ScimWords.InvalidValue, "startIndex and count must be whole numbers.");
        }
        // What is too small counts as the least (RFC 7644, 3.4.2.4).
        startIndex = Math.Max(1, startIndex);
        count = Math.Clamp(count, 0, PageMax);
        IReadOnlyList<Person> page;
        int total;
        if (query.TryGetValue("filter", out var filter))
        {
            if (ScimSearch.Find(call, filter.ToString(), out fault) is not { } found)
            {
                return fault;
            }
            total = found.Count;
            page = [.. found.Skip(startIndex - 1).Take(count)];
        }
        else
        {
            var directory = call.Server.Directory;
            total = directory.CountPeople(call.Client.TenantId);
            page = [.. directory.PeopleOf(call.Client.TenantId, startIndex - 1, count)];
        }
        await ScimAnswer.WriteAsync(
            call.Http,
            StatusCodes.Status200OK,
            Discovery.ListOf(total, startIndex, page.Select(person => projection.Of(person, call.BaseUrl)))
        );
        return null;
    }

    private static bool TryGetNumber(string? text, int otherwise, out int number)
    {
        number = otherwise;
        return string.IsNullOrEmpty(text)
            || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
