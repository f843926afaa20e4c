using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph.Users;

namespace OpenPresence.Server.Tests.Graph.Users;

/// <summary>What a list of users is asked, and who is in the answer.</summary>
public sealed class UserQueryTests(DemoDirectory demo) : IClassFixture<DemoDirectory>
{
    [Theory]
    [InlineData("department eq 'Legal'", "ruth")]
    [InlineData("department eq 'LEGAL'", "ruth")]
    [InlineData("accountEnabled eq false", "ruth")]
    [InlineData("department in ('Legal','Finance')", "pieter ruth")]
    [InlineData("department eq 'Sales' or department eq 'Legal' and accountEnabled eq true", "mara samuel")]
    [InlineData("(department eq 'Sales' or department eq 'Legal') and accountEnabled eq false", "ruth")]
    [InlineData("not(department in ('Engineering','Customer Care','Sales','People'))", "pieter priya ruth")]
    [InlineData("not(department eq 'Design' or accountEnabled eq true)", "ruth")]
    [InlineData("department ne 'Engineering' and startswith(givenName,'P')", "pieter priya")]
    [InlineData("endswith(mail,'NOVAK@contoso.example')", "viktor")]
    [InlineData("startswith(jobTitle,'senior')", "yuki")]
    [InlineData("mailNickname eq 'pieter.vandam'", "pieter")]
    [InlineData("userType eq 'Member' and surname eq 'Kim'", "daniel")]
    [InlineData("id eq 'F5EC52ED-0108-4475-92E1-BC7656670B14'", "daniel")]
    [InlineData("userPrincipalName in ('yuki.tanabe@contoso.example','DANIEL.KIM@contoso.example')", "daniel yuki")]
    [InlineData("startswith(userPrincipalName,'p') and department eq 'Design'", "priya")]
    [InlineData("displayName eq 'O''Brien'", "")]
    [InlineData("id eq '" + DemoDirectory.Stranger + "'", "")]
    [InlineData("userPrincipalName in ('" + DemoDirectory.StrangersName + "','noor.haddad@contoso.example')", "noor")]
    [InlineData("startswith(userPrincipalName,'lee')", "")]
    [InlineData("endswith(userPrincipalName,'fabrikam.example')", "")]
    public async Task A_filter_finds_those_who_meet_it_and_counts_them(string filter, string expected)
    {
        var page = await PageAsync($"$filter={Uri.EscapeDataString(filter)}&$count=true");
        Assert.Equal(expected, DemoDirectory.FirstNames(page));
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, (int?)page["@odata.count"]);
        Assert.Null(page["@odata.nextLink"]);
    }

    [Theory]
    [InlineData("\"displayName:van\"", "pieter")]
    [InlineData("\"displayName:dam pieter\"", "pieter")]
    [InlineData("\"displayName:ieter\"", "")]
    [InlineData("\"mail:SAMUEL\"", "samuel")]
    [InlineData("\"displayName:kim\" OR \"displayName:tanabe\"", "daniel yuki")]
    [InlineData("\"displayName:kim\" AND \"mail:yuki\"", "")]
    public async Task A_search_finds_words_and_beginnings(string search, string expected)
    {
        var page = await PageAsync($"$search={Uri.EscapeDataString(search)}&$count=true");
        Assert.Equal(expected, DemoDirectory.FirstNames(page));
    }

    [Fact]
    public async Task A_search_and_a_filter_must_both_be_met()
    {
        const string both = "$search=\"displayName:p\"&$filter=department eq 'Finance'";
        Assert.Equal("pieter", DemoDirectory.FirstNames(await PageAsync(both)));
    }

    [Theory]
    [InlineData("$filter=surname ne 'Kim'", "$filter")]
    [InlineData("$filter=not(surname eq 'Kim')", "$filter")]
    [InlineData("$filter=surname eq 'Kim' or endswith(mail,'x')", "$filter")]
    [InlineData("$search=\"displayName:kim\"", "$search")]
    [InlineData("$filter=surname eq 'Kim'&$orderby=surname&$count=true", "$orderby")]
    public async Task What_is_advanced_needs_the_header(string query, string target)
    {
        var path = $"/v1.0/users?{query}";
        var error = await Refused.WithAsync(RefusalKind.UnsupportedQuery, demo.AskAsync(path, isEventual: false));
        Assert.Equal(target, (string?)error["target"]);
        await DemoDirectory.JsonAsync(demo.AskAsync(path));
    }

    [Fact]
    public async Task Sorting_what_was_filtered_needs_the_count_as_well()
    {
        const string path = "/v1.0/users?$filter=surname eq 'Kim'&$orderby=surname";
        var error = await Refused.WithAsync(RefusalKind.UnsupportedQuery, demo.AskAsync(path));
        Assert.Equal("$orderby", (string?)error["target"]);
    }

    private const string BySurname =
        "samuel chiara ruth tomas noor lena daniel mara viktor jonas priya ingrid yuki pieter";

    private const string ByName =
        "chiara daniel ingrid jonas lena mara noor pieter priya ruth samuel tomas viktor yuki";

    // Those of one department stand in the order of their names, whichever way the departments go.
    private const string ByDepartment =
        "chiara lena tomas priya daniel jonas noor viktor yuki pieter ruth ingrid mara samuel";

    private const string ByDepartmentDown =
        "mara samuel ingrid ruth pieter daniel jonas noor viktor yuki priya chiara lena tomas";

    [Theory]
    [InlineData("surname", BySurname)]
    [InlineData("SURNAME asc", BySurname)]
    [InlineData("userPrincipalName", ByName)]
    [InlineData("department", ByDepartment)]
    [InlineData("department desc", ByDepartmentDown)]
    public async Task People_stand_in_the_order_that_is_asked_for(string order, string expected)
    {
        Assert.Equal(expected, DemoDirectory.FirstNames(await PageAsync($"$orderby={order}")));
    }

    [Theory]
    [InlineData("surname", BySurname)]
    [InlineData("userPrincipalName", ByName)]
    public async Task Down_is_the_other_way_round(string property, string expected)
    {
        Assert.Equal(
            expected.Split(' ').Reverse(),
            DemoDirectory.FirstNames(await PageAsync($"$orderby={property} desc")).Split(' ')
        );
    }

    [Theory]
    [InlineData("mood")]
    [InlineData("surname sideways")]
    [InlineData("surname asc desc")]
    [InlineData("surname,givenName")]
    [InlineData("businessPhones")]
    [InlineData("city")]
    public async Task What_cannot_be_sorted_by_is_refused(string order)
    {
        var asked = demo.AskAsync($"/v1.0/users?$orderby={order}");
        var error = await Refused.WithAsync(RefusalKind.UnsupportedQuery, asked);
        Assert.Equal("$orderby", (string?)error["target"]);
    }

    [Theory]
    [InlineData("$top=0", "$top")]
    [InlineData("$top=1000", "$top")]
    [InlineData("$top=-1", "$top")]
    [InlineData("$top=ten", "$top")]
    [InlineData("$count=yes", "$count")]
    [InlineData("$top=1&TOP=2", "TOP")]
    [InlineData("$skip=1", "$skip")]
    [InlineData("$select=displayName,mood", "$select")]
    public async Task A_wrong_option_is_named(string query, string target)
    {
        var error = await Refused.WithAsync(RefusalKind.BadRequest, demo.AskAsync($"/v1.0/users?{query}"));
        Assert.Equal(target, (string?)error["target"]);
    }

    [Theory]
    [InlineData("$select=DisplayName,ID,displayname", "users(DisplayName,ID)", "displayName id")]
    [InlineData("$select=id,mail,city", "users(id,mail,city)", "mail id city")]
    [InlineData(
        "$select=",
        "users",
        "businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname userPrincipalName id"
    )]
    [InlineData(
        "$select=*,department",
        "users(*,department)",
        "businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname userPrincipalName id department"
    )]
    public async Task What_is_selected_stands_in_the_order_of_the_schema(string query, string context, string expected)
    {
        var page = await PageAsync($"{query}&$top=1");
        Assert.EndsWith($"/v1.0/$metadata#{context}", (string?)page["@odata.context"], StringComparison.Ordinal);
        var names = page["value"]![0]!.AsObject().Select(member => member.Key);
        Assert.Equal(expected.Split(' '), names);
    }

    [Fact]
    public async Task More_names_than_the_schema_has_are_refused()
    {
        var most = string.Join(',', Enumerable.Repeat("id", UserSelection.NamesMax));
        await PageAsync($"$top=1&$select={most}");
        await Refused.WithAsync(RefusalKind.BadRequest, demo.AskAsync($"/v1.0/users?$select={most},id"));
    }

    [Fact]
    public async Task A_link_to_the_next_page_asks_the_same_again()
    {
        const string query = "$filter=surname ne 'a%26b'&$select=userPrincipalName&$top=13&$count=true";
        var first = await PageAsync($"{query}&purpose=test");
        var link = (string)first["@odata.nextLink"]!;
        Assert.StartsWith($"{demo.Server.Client.BaseAddress}v1.0/users?", link, StringComparison.Ordinal);
        Assert.Contains("$filter=surname%20ne%20%27a%26b%27&", link);
        Assert.DoesNotContain("purpose", link);
        var last = await DemoDirectory.JsonAsync(demo.AskAsync(link, isEventual: false));
        Assert.Equal("yuki", DemoDirectory.FirstNames(last));
        Assert.Null(last["@odata.nextLink"]);
    }

    [Theory]
    [InlineData("", "14")]
    [InlineData("?$filter=department ne 'Engineering'", "9")]
    [InlineData("?$search=\"displayName:kim\"", "1")]
    [InlineData("?$filter=endswith(userPrincipalName,'fabrikam.example')", "0")]
    public async Task A_count_is_of_the_own_tenant(string query, string expected)
    {
        using var answer = await demo.AskAsync($"/v1.0/users/$count{query}");
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(expected, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("?$top=1")]
    [InlineData("?$orderby=surname")]
    [InlineData("?$select=id")]
    public async Task A_count_takes_what_decides_who_is_counted_and_nothing_else(string query)
    {
        await Refused.WithAsync(RefusalKind.BadRequest, demo.AskAsync($"/v1.0/users/$count{query}"));
    }

    private Task<System.Text.Json.Nodes.JsonNode> PageAsync(string query) =>
        DemoDirectory.JsonAsync(demo.AskAsync($"/v1.0/users?{query}"));
}
