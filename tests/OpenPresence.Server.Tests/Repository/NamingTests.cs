using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>Names that say what a thing is for.</summary>
public sealed partial class NamingTests
{
    /// <summary>Where things go that nobody thought about.</summary>
    private static readonly string[] Refused =
    [
        "Common",
        "Shared",
        "Utils",
        "Util",
        "Utilities",
        "Helpers",
        "Helper",
        "Managers",
        "Manager",
    ];

    [Fact]
    public void No_folder_is_a_drawer_for_odds_and_ends()
    {
        var folders = ProjectFiles.All.SelectMany(path => path.Split('/')[..^1]).Distinct(StringComparer.Ordinal);
        Assert.DoesNotContain(folders, folder => Refused.Contains(folder, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void No_type_is_a_drawer_for_odds_and_ends()
    {
        var types =
            from path in ProjectFiles.All
            where path.EndsWith(".cs", StringComparison.Ordinal)
            from Match match in TypeName().Matches(ProjectFiles.Read(path))
            let name = match.Groups[1].Value
            where Refused.Any(word => name.EndsWith(word, StringComparison.Ordinal))
            select $"{path}: {name}";
        Assert.Empty(types);
    }

    [Fact]
    public void A_test_is_named_by_a_sentence()
    {
        var named = ProjectFiles.TestNames.Where(name => !name.Contains(".transcript: "));
        Assert.All(named, name => Assert.True(IsSentence(name), name));
    }

    [Theory]
    [InlineData("ThingTests.Test1")]
    [InlineData("ThingTests.Returns_Ok")]
    [InlineData("ThingTests.It_really_Works")]
    [InlineData("ThingTests.ParsesTheBody")]
    public void A_test_that_claims_nothing_is_refused(string name)
    {
        Assert.False(IsSentence(name));
    }

    [Fact]
    public void The_scan_sees_this_very_test()
    {
        Assert.Contains($"{nameof(NamingTests)}.The_scan_sees_this_very_test", ProjectFiles.TestNames);
    }

    private static bool IsSentence(string name)
    {
        var title = name[(name.IndexOfAny(['.', ':']) + 1)..];
        var words = title.Split(['_', ' '], StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 3 && words[^1] is not ("Ok" or "Works" or "Succeeds" or "Test");
    }

    [GeneratedRegex(@"\b(?:class|struct|record|interface)\s+(?:struct\s+|class\s+)?([A-Z]\w*)")]
    private static partial Regex TypeName();
}
