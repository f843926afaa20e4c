using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Tests.Graph.Users;

/// <summary>The people who matter to Mara of Sales.</summary>
public sealed class ListPeopleTests(DemoDirectory demo) : IClassFixture<DemoDirectory>
{
    /// <summary>The colleague of Sales first; neither Mara herself nor Ruth, whose account is closed.</summary>
    private const string Everybody = "samuel chiara daniel ingrid jonas lena noor pieter priya tomas viktor yuki";

    [Theory]
    [InlineData("", Everybody)]
    [InlineData("&$search=p", "pieter priya")]
    [InlineData("&$search=\"dam van\"", "pieter")]
    [InlineData("&$search=SAMUEL.ade", "samuel")]
    [InlineData("&$search=mara", "")]
    [InlineData("&$search=ruth", "")]
    [InlineData("&$filter=department eq 'Sales'", "samuel")]
    [InlineData("&$filter=personType/class eq 'Person' and startswith(surname,'H')", "lena noor")]
    [InlineData("&$filter=department eq 'Engineering'&$search=yuki", "yuki")]
    public async Task They_are_found_page_after_page(string query, string expected)
    {
        foreach (var top in new[] { 1, 5, 999 })
        {
            var found = new List<string>();
            var next = $"/v1.0/me/people?$top={top}{query}";
            for (var pages = 0; next is not null && pages < 20; pages++)
            {
                var page = await DemoDirectory.JsonAsync(demo.AskAsync(next, await MaraAsync()));
                Assert.InRange(page["value"]!.AsArray().Count, expected.Length > 0 ? 1 : 0, top);
                found.AddRange(DemoDirectory.FirstNames(page).Split(' ', StringSplitOptions.RemoveEmptyEntries));
                next = (string?)page["@odata.nextLink"];
            }
            Assert.Null(next);
            Assert.Equal(expected, string.Join(' ', found));
        }
    }

    [Fact]
    public async Task Ten_are_shown_where_no_number_is_asked_for()
    {
        var page = await DemoDirectory.JsonAsync(demo.AskAsync("/v1.0/me/people", await MaraAsync()));
        Assert.Equal(10, page["value"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("$skip=-1", "$skip")]
    [InlineData("$skip=x", "$skip")]
    [InlineData("$top=0", "$top")]
    [InlineData("$orderby=displayName", "$orderby")]
    [InlineData("$select=mood", "$select")]
    public async Task A_wrong_option_is_named(string query, string target)
    {
        var asked = demo.AskAsync($"/v1.0/me/people?{query}", await MaraAsync());
        var error = await Refused.WithAsync(RefusalKind.BadRequest, asked);
        Assert.Equal(target, (string?)error["target"]);
    }

    private Task<string> MaraAsync() => demo.Server.PersonTokenAsync(RunningServer.Someone, "People.Read");
}
