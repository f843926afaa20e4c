using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>
/// Imports point down: a folder of the server imports only folders that the layout in ARCHITECTURE.md lists above it. So none
/// imports itself through others, and each can be understood with those above it alone.
/// </summary>
public sealed partial class ImportTests
{
    private const string Server = "src/OpenPresence.Server";
    private const string RootNamespace = "OpenPresence.Server";

    /// <summary>The folders, the first of them the one that needs no other.</summary>
    private static readonly string[] Listed =
    [
        .. Layout()
            .Match(ProjectFiles.Read("ARCHITECTURE.md"))
            .Groups["lines"]
            .Value.Split('\n')
            .Select(line => line.Split(' ')[0])
            .Where(folder => folder == Server || folder.StartsWith(Server + "/", StringComparison.Ordinal))
            .Select(folder => folder == Server ? "" : folder[(Server.Length + 1)..]),
    ];

    private static readonly (string Path, string Text)[] Sources =
    [
        .. ProjectFiles.Under(Server, ".cs").Select(path => (path[(Server.Length + 1)..], ProjectFiles.Read(path))),
    ];

    [Fact]
    public void A_folder_imports_only_folders_that_are_listed_above_it()
    {
        var upward = Upward(new SourceImports(RootNamespace, Sources), Listed).ToArray();
        Assert.True(upward.Length == 0, string.Join('\n', upward));
    }

    [Fact]
    public void Every_folder_with_code_is_listed_once()
    {
        var folders = Sources.Select(source => SourceImports.FolderOf(source.Path)).Distinct(StringComparer.Ordinal);
        Assert.Equal(folders.Order(StringComparer.Ordinal), Listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var strays =
            from source in Sources
            from Match match in Namespace().Matches(source.Text)
            let folder = SourceImports.FolderOf(source.Path)
            let wanted = folder.Length == 0 ? RootNamespace : $"{RootNamespace}.{folder.Replace('/', '.')}"
            where match.Groups["name"].Value != wanted
            select $"{source.Path} has {match.Groups["name"].Value}";
        Assert.Empty(strays);
    }

    [Fact]
    public void No_import_holds_for_all_files()
    {
        Assert.DoesNotContain(Sources, source => source.Text.Contains("global using", StringComparison.Ordinal));
        Assert.DoesNotContain("<Using ", ProjectFiles.Read($"{Server}/OpenPresence.Server.csproj"));
    }

    [Fact]
    public void The_tools_of_developers_are_imported_by_hosting_alone()
    {
        var others = new SourceImports(RootNamespace, Sources)
            .All.Where(import => import.To == "DevTools" && import.From != "Hosting")
            .Select(import => import.Path);
        Assert.Empty(others);
    }

    [Theory]
    [InlineData("using Some.Upper;")]
    [InlineData("using static Some.Upper.Tower;")]
    [InlineData("using T = Some.Upper.Tower;")]
    [InlineData("using T = global::Some.Upper.Tower;")]
    [InlineData("namespace Some.Lower; class A(Some.Upper.Tower b);")]
    [InlineData("namespace Some.Lower; class A : Upper.Tower;")]
    [InlineData("namespace Some.Lower; class A { object B() => Upper.Tower.Height; }")]
    [InlineData("/// <summary>See <see cref=\"Upper.Tower\"/>.</summary>")]
    [InlineData("var text = $\"{Upper.Tower.Height}\";")]
    [InlineData("using Some.Upper.Inner;")]
    public void An_import_of_a_folder_further_down_is_seen(string text)
    {
        Assert.NotEmpty(Upward(Read("Lower/A.cs", text), ["Lower", "Upper", "Upper/Inner"]));
        Assert.Empty(Upward(Read("Lower/A.cs", text), ["Upper", "Upper/Inner", "Lower"]));
    }

    [Theory]
    [InlineData("namespace Some.Upper.Inner; class A : Tower;")]
    [InlineData("namespace Some.Upper.Inner; class A { bool B(int x) => x.IsTall(); }")]
    public void A_folder_around_is_seen_without_a_using(string text)
    {
        Assert.NotEmpty(Upward(Read("Upper/Inner/A.cs", text), ["Lower", "Upper/Inner", "Upper"]));
        Assert.Empty(Upward(Read("Upper/Inner/A.cs", text), ["Lower", "Upper", "Upper/Inner"]));
    }

    [Theory]
    [InlineData("namespace Some.Lower; class A { int Upper { get; } int B => Upper.Height; }")]
    [InlineData("using System.Upper;")]
    [InlineData("namespace Some.Lower; class A { int Tower { get; } }")]
    public void A_name_that_only_looks_like_a_folder_is_no_import(string text)
    {
        Assert.Empty(Upward(Read("Lower/A.cs", text), ["Lower", "Upper", "Upper/Inner"]));
    }

    [Fact]
    public void Two_folders_that_import_each_other_are_refused_in_either_order()
    {
        var circular = new SourceImports(
            "Some",
            [
                ("One/A.cs", "using Some.Two;\nnamespace Some.One;\nclass A;"),
                ("Two/B.cs", "using Some.One;\nnamespace Some.Two;\nclass B;"),
            ]
        );
        Assert.NotEmpty(Upward(circular, ["One", "Two"]));
        Assert.NotEmpty(Upward(circular, ["Two", "One"]));
    }

    private static IEnumerable<string> Upward(SourceImports imports, string[] listed) =>
        from import in imports.All
        where Array.IndexOf(listed, import.To) > Array.IndexOf(listed, import.From)
        select $"{import.Path} imports {import.To}, which is listed below {import.From}";

    private static SourceImports Read(string path, string text) =>
        new(
            "Some",
            [
                ("Lower/Cellar.cs", "namespace Some.Lower;\npublic class Cellar;"),
                (
                    "Upper/Tower.cs",
                    "namespace Some.Upper;\npublic static class Tower\n{\n    public static bool IsTall(this int x) => true;\n}"
                ),
                ("Upper/Inner/Stair.cs", "namespace Some.Upper.Inner;\npublic sealed record Stair(int Steps);"),
                (path, text),
            ]
        );

    [GeneratedRegex("<!-- layout -->\n```\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Layout();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
