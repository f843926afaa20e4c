using System.Runtime.InteropServices;
using OpenPresence.Server.State.Directory;

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

    /// <summary>Spread over all ids; odd factors, so that no two numbers share one.</summary>
    public static Guid IdOf(int number)
    {
        Span<ulong> halves = [((ulong)number + 1) * 0x9E37_79B9_7F4A_7C15, ((ulong)number + 1) * 0xC2B2_AE3D_27D4_EB4F];
        return new Guid(MemoryMarshal.AsBytes(halves));
    }

    public static string NameOf(int number)
    {
        var (given, surname) = (At(Given, number), At(Surnames, number / 9));
        var name = $"{given}.{surname}{number}".Replace(' ', '-').ToLowerInvariant();
        return name + "@contoso.example";
    }

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
