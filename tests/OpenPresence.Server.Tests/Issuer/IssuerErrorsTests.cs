using System.Text.RegularExpressions;
using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Tests.Issuer;

public sealed partial class IssuerErrorsTests
{
    [Fact]
    public void Every_kind_of_refusal_has_exactly_one_row() =>
        Assert.Equal(Enum.GetValues<IssuerError>(), IssuerErrors.Rows.Select(row => row.Error).Order());

    [Fact]
    public void Every_row_has_a_number_a_status_OAuth_s_word_and_a_sentence() =>
        Assert.All(
            IssuerErrors.Rows,
            row =>
            {
                Assert.InRange(row.Number, 10_000, 9_999_999);
                Assert.InRange(row.Status, 400, 503);
                Assert.Matches("^[a-z_]+$", row.Code);
                Assert.Matches(@"^['A-Z{].*[.}']$", row.Message);
                // A word that the source breaks at its hyphen would be told with a blank in it.
                Assert.DoesNotContain("- ", row.Message, StringComparison.Ordinal);
            }
        );

    [Fact]
    public void Holes_are_numbered_from_zero_without_gaps() =>
        Assert.All(
            IssuerErrors.Rows,
            row =>
            {
                var numbers = Hole()
                    .Matches(row.Message)
                    .Select(match => int.Parse(match.Groups[1].Value))
                    .Distinct()
                    .Order()
                    .ToList();
                Assert.Equal(Enumerable.Range(0, numbers.Count), numbers);
            }
        );

    [Fact]
    public async Task The_page_behind_error_uri_explains_a_number()
    {
        await using var host = await IssuerHost.StartAsync();
        var cancel = TestContext.Current.CancellationToken;
        using var known = await host.GetAsync("/error?code=7000215");
        Assert.Contains("Invalid client secret", await known.Content.ReadAsStringAsync(cancel));
        foreach (var query in (string[])["", "?code=1", "?code=x"])
        {
            using var unknown = await host.GetAsync($"/error{query}");
            Assert.Equal(404, (int)unknown.StatusCode);
        }
    }

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Hole();
}
