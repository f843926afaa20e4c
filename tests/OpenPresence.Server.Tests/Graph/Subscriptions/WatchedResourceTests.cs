using OpenPresence.Server.Graph.Subscriptions;

namespace OpenPresence.Server.Tests.Graph.Subscriptions;

/// <summary>What a resource means, and what is said of one that means nothing.</summary>
public sealed class WatchedResourceTests
{
    private const string A = "aa000000-0000-0000-0000-000000000001";
    private const string B = "bb000000-0000-0000-0000-000000000002";

    [Theory]
    [InlineData($"communications/presences/{A}")]
    [InlineData($"/communications/presences/{A}")]
    [InlineData($"/Communications/Presences('{A}')")]
    [InlineData($"/communications/presences?$filter=id in ('{A}')")]
    [InlineData($"communications/presences?$filter=id%20in%20('{A}','{A}')")]
    [InlineData($"communications/presences?$filter=id eq '{A}'")]
    public void One_person_can_be_named_as_Graph_has_it(string resource)
    {
        Assert.Null(WatchedResource.FaultOf(resource, isBeyondGraph: false, out var people));
        Assert.Equal([new Guid(A)], people);
    }

    [Theory]
    [InlineData($"/communications/presences?$filter=id in ('{B}','{A}')")]
    [InlineData($"/communications/presences/?$Filter=id in ('{A}', '{B}','{A}')")]
    public void People_are_in_order_and_once_each(string resource)
    {
        Assert.Null(WatchedResource.FaultOf(resource, isBeyondGraph: false, out var people));
        Assert.Equal([new Guid(A), new Guid(B)], people);
    }

    [Fact]
    public void Everyone_and_the_presence_of_a_user_are_ours()
    {
        Assert.Null(WatchedResource.FaultOf("communications/presences", true, out var everyone));
        Assert.True(everyone.IsDefault);
        Assert.Null(WatchedResource.FaultOf($"/users/{A}/presence", true, out var people));
        Assert.Equal([new Guid(A)], people);
        Assert.Null(WatchedResource.FaultOf($"users('{A}')/presence", true, out people));
        Assert.Equal([new Guid(A)], people);
        Assert.StartsWith("needs a filter", WatchedResource.FaultOf("communications/presences", false, out _));
        Assert.StartsWith(
            "must be communications/presences/{id}",
            WatchedResource.FaultOf($"users/{A}/presence", false, out _)
        );
    }

    [Theory]
    [InlineData("", "must be communications/presences/{id} or")]
    [InlineData("users", "must be communications/presences/{id} or")]
    [InlineData("communications/presences/me", "must be communications/presences/{id} or")]
    [InlineData($"communications/presences/{A}/activity", "must be communications/presences/{{id}} or")]
    [InlineData($"communications/presences/{A}?$select=activity", "takes no query options")]
    [InlineData("communications/presences?", "has a filter that cannot be used. Supported is")]
    [InlineData($"communications/presences?$filter=id in ({A})", "has a filter that cannot be used.")]
    [InlineData($"communications/presences?$filter=id in ('{A}')&$select=id", "takes one $filter")]
    [InlineData("communications/presences?$filter=id ne ''", "has a filter that cannot be used.")]
    public void What_is_wrong_is_said(string resource, string beginning)
    {
        var fault = WatchedResource.FaultOf(resource, isBeyondGraph: true, out _);
        Assert.StartsWith(beginning.Replace("{{", "{").Replace("}}", "}"), fault);
    }

    [Fact]
    public void A_list_holds_650_people_and_no_more()
    {
        Assert.Null(WatchedResource.FaultOf(Listing(650), isBeyondGraph: false, out var people));
        Assert.Equal(650, people.Length);
        Assert.Contains("650", WatchedResource.FaultOf(Listing(651), isBeyondGraph: false, out _));

        static string Listing(int count) =>
            "/communications/presences?$filter=id in ("
            + string.Join(',', Enumerable.Range(1, count).Select(n => $"'{n:D8}-0000-0000-0000-000000000000'"))
            + ")";
    }
}
