using OpenPresence.Server.Identity;

namespace OpenPresence.Server.Tests.Identity;

public sealed class IssuerPatternTests
{
    private const string T = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
    private const string Entra = "https://login.microsoftonline.com/{tenantid}/v2.0";

    [Theory]
    [InlineData("https://id.example/realms/a", "https://id.example/realms/a", true, null)]
    [InlineData("https://id.example/realms/a", "https://id.example/realms/A", false, null)]
    [InlineData("https://id.example/realms/a", "https://id.example/realms/a/", false, null)]
    [InlineData(Entra, $"https://login.microsoftonline.com/{T}/v2.0", true, T)]
    [InlineData(Entra, "https://login.microsoftonline.com/{tenantid}/v2.0", false, null)]
    [InlineData(Entra, "https://login.microsoftonline.com/common/v2.0", false, null)]
    [InlineData(Entra, "https://login.microsoftonline.com//v2.0", false, null)]
    [InlineData(Entra, "https://login.microsoftonline.com/v2.0", false, null)]
    [InlineData(Entra, $"https://login.microsoftonline.com/{T}/x/v2.0", false, null)]
    [InlineData(Entra, $"http://login.microsoftonline.com/{T}/v2.0", false, null)]
    [InlineData("https://sts.windows.net/{tenantid}/", $"https://sts.windows.net/{T}/", true, T)]
    [InlineData(IssuerPattern.AnyHostV2, $"https://localhost:5443/{T}/v2.0", true, T)]
    [InlineData(IssuerPattern.AnyHostV2, $"http://127.0.0.1:5080/{T}/v2.0", true, T)]
    [InlineData(IssuerPattern.AnyHostV2, $"https://localhost/prefix/{T}/v2.0", false, null)]
    [InlineData(IssuerPattern.AnyHostV2, $"https:///{T}/v2.0", false, null)]
    [InlineData(IssuerPattern.AnyHostV2, $"ftp://localhost/{T}/v2.0", false, null)]
    [InlineData(IssuerPattern.AnyHostV2, $"/{T}/v2.0", false, null)]
    [InlineData(IssuerPattern.AnyHostV2, "", false, null)]
    [InlineData(IssuerPattern.AnyHostV1, $"https://sts.windows.net/{T}/", true, T)]
    public void An_issuer_fits_letter_by_letter_and_only_a_GUID_fills_the_hole(
        string pattern,
        string issuer,
        bool fits,
        string? tenant
    )
    {
        Assert.Equal(fits, new IssuerPattern(pattern).Matches(issuer, out var found));
        Assert.Equal(tenant, found);
    }
}
