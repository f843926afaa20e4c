using OpenPresence.Server.Directory;

namespace OpenPresence.Bench.People;

/// <summary>People with names, titles and numbers of ordinary length; the same for the same number.</summary>
internal static class SampledPeople
{
    private static readonly string[] Given =
    [
        "Ada",
        "Benedikt",
        "Chiara",
        "Daniel",
        "Elisabeth",
        "Farid",
        "Grace",
        "Hiroshi",
        "Ingrid",
    ];

    private static readonly string[] Surnames =
    [
        "Lindqvist",
        "Okafor",
        "Raman",
        "Hoffmann",
        "Ferreira",
        "Kim",
        "van Dam",
        "Sørensen",
    ];

    private static readonly string[] Titles =
    [
        "Engineer",
        "Senior Account Executive",
        "Support Lead",
        "Head of Sales",
        "Analyst",
    ];

    private static readonly string[] Departments =
    [
        "Engineering",
        "Customer Care",
        "Sales",
        "Finance",
        "Human Resources",
    ];

    private static readonly string[] Zones =
    [
        "Europe/Stockholm",
        "Europe/London",
        "Asia/Kolkata",
        "America/New_York",
        "Asia/Tokyo",
    ];

    private static readonly string[] Languages = ["sv-SE", "en-GB", "en-IN", "en-US", "ja-JP"];

    public static Guid IdOf(int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        new Random(number).NextBytes(bytes);
        return new Guid(bytes);
    }

    public static string NameOf(int number) =>
        $"{At(Given, number)}.{At(Surnames, number / 9).Replace(' ', '-')}{number}@contoso.example".ToLowerInvariant();

    public static Person Of(int number, Guid tenantId)
    {
        var (given, surname) = (At(Given, number), At(Surnames, number / 9));
        return new Person(IdOf(number), tenantId, NameOf(number), $"{given} {surname}")
        {
            GivenName = given,
            Surname = surname,
            Mail = NameOf(number),
            JobTitle = At(Titles, number / 2),
            Department = At(Departments, number / 3),
            OfficeLocation = $"Building {number % 40} / {number % 300}",
            MobilePhone = $"+46 70 {number:D7}",
            BusinessPhones = [$"+46 8 {number:D7}"],
            PreferredLanguage = At(Languages, number),
            TimeZone = At(Zones, number),
        };
    }

    private static string At(string[] words, int number) => words[number % words.Length];
}
