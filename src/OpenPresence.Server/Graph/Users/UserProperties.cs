using System.Collections.Frozen;
using System.Collections.Immutable;
using OpenPresence.Server.Graph.OData;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Users;

/// <summary>
/// The properties of Graph's user: those that are kept here, then those that the schema has besides. The latter read
/// null, so that a client which selects them goes on; a name that the schema does not have is refused.
/// Order and defaults: as the real service writes a user of an organisation (R).
/// </summary>
public static class UserProperties
{
    private const UserPropertyForm Text = UserPropertyForm.Text;
    private const UserPropertyForm Flag = UserPropertyForm.Flag;
    private const UserPropertyForm Texts = UserPropertyForm.Texts;

    // csharpier-ignore-start
    private static readonly UserProperty[] Kept =
    [
        new("businessPhones", Texts) { IsDefault = true },
        new("displayName", Text, person => person.DisplayName, row => row.DisplayName) { IsDefault = true, IsBasic = true },
        new("givenName", Text, person => person.GivenName, row => row.Text(PersonText.GivenName)) { IsDefault = true, IsBasic = true },
        new("jobTitle", Text, person => person.JobTitle, row => row.Text(PersonText.JobTitle)) { IsDefault = true },
        new("mail", Text, person => person.Mail, row => row.Mail) { IsDefault = true, IsBasic = true },
        new("mobilePhone", Text, person => person.MobilePhone, row => row.Text(PersonText.MobilePhone)) { IsDefault = true },
        new("officeLocation", Text, person => person.OfficeLocation, row => row.Text(PersonText.OfficeLocation)) { IsDefault = true },
        new("preferredLanguage", Text, person => person.PreferredLanguage, row => row.Text(PersonText.PreferredLanguage)) { IsDefault = true },
        new("surname", Text, person => person.Surname, row => row.Text(PersonText.Surname)) { IsDefault = true, IsBasic = true },
        new("userPrincipalName", Text, person => person.UserPrincipalName, row => row.UserPrincipalName) { IsDefault = true, IsBasic = true },
        new("id", Text, person => person.Id.ToString(), row => row.Id.ToString()) { IsDefault = true, IsBasic = true },
        new("accountEnabled", Flag, person => person.AccountEnabled ? "true" : "false", row => row.AccountEnabled ? "true" : "false"),
        new("department", Text, person => person.Department, row => row.Text(PersonText.Department)),
        new("mailNickname", Text, person => person.UserPrincipalName.Split('@')[0], row => row.UserPrincipalName.Split('@')[0]),
        new("userType", Text, _ => "Member", _ => "Member"),
    ];
    // csharpier-ignore-end

    private static readonly string[] NullInSchema =
    [
        "aboutMe",
        "ageGroup",
        "authorizationInfo",
        "birthday",
        "city",
        "companyName",
        "consentProvidedForMinor",
        "country",
        "createdDateTime",
        "creationType",
        "customSecurityAttributes",
        "deletedDateTime",
        "deviceEnrollmentLimit",
        "employeeHireDate",
        "employeeId",
        "employeeLeaveDateTime",
        "employeeOrgData",
        "employeeType",
        "externalUserState",
        "externalUserStateChangeDateTime",
        "faxNumber",
        "hireDate",
        "identityParentId",
        "isManagementRestricted",
        "isResourceAccount",
        "lastPasswordChangeDateTime",
        "legalAgeGroupClassification",
        "mySite",
        "onPremisesDistinguishedName",
        "onPremisesDomainName",
        "onPremisesExtensionAttributes",
        "onPremisesImmutableId",
        "onPremisesLastSyncDateTime",
        "onPremisesSamAccountName",
        "onPremisesSecurityIdentifier",
        "onPremisesSyncEnabled",
        "onPremisesUserPrincipalName",
        "passwordPolicies",
        "passwordProfile",
        "postalCode",
        "preferredDataLocation",
        "preferredName",
        "securityIdentifier",
        "showInAddressList",
        "signInActivity",
        "signInSessionsValidFromDateTime",
        "state",
        "streetAddress",
        "usageLocation",
    ];

    private static readonly string[] EmptyInSchema =
    [
        "assignedLicenses",
        "assignedPlans",
        "identities",
        "imAddresses",
        "interests",
        "licenseAssignmentStates",
        "onPremisesProvisioningErrors",
        "otherMails",
        "pastProjects",
        "provisionedPlans",
        "proxyAddresses",
        "responsibilities",
        "schools",
        "serviceProvisioningErrors",
        "skills",
    ];

    /// <summary>
    /// What the directory itself does not keep: the real service answers it for one person, and refuses it in a list
    /// (user-list, D).
    /// </summary>
    private static readonly FrozenSet<string> OfOneOnly = FrozenSet.ToFrozenSet(
        [
            MailboxSettings,
            "aboutMe",
            "birthday",
            "hireDate",
            "interests",
            "mySite",
            "pastProjects",
            "preferredName",
            "responsibilities",
            "schools",
            "skills",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Of the mailbox; read on request, with a permission of its own.</summary>
    public const string MailboxSettings = "mailboxSettings";

    /// <summary>
    /// Where one gets to from a user (CSDL, C). Selecting such a name is allowed and shows nothing: it takes
    /// <c>$expand</c>, or a path of its own. Some of them are served here.
    /// </summary>
    public static FrozenSet<string> Navigations { get; } =
        FrozenSet.ToFrozenSet(
            [
                "activities",
                "adhocCalls",
                "agreementAcceptances",
                "appRoleAssignments",
                "authentication",
                "calendar",
                "calendarGroups",
                "calendars",
                "calendarView",
                "chats",
                "cloudClipboard",
                "cloudPCs",
                "contactFolders",
                "contacts",
                "createdObjects",
                "dataSecurityAndGovernance",
                "deviceManagementTroubleshootingEvents",
                "directReports",
                "drive",
                "drives",
                "employeeExperience",
                "events",
                "extensions",
                "followedSites",
                "inferenceClassification",
                "insights",
                "joinedTeams",
                "licenseDetails",
                "mailFolders",
                "managedAppRegistrations",
                "managedDevices",
                "manager",
                "memberOf",
                "messages",
                "oauth2PermissionGrants",
                "onenote",
                "onlineMeetings",
                "onPremisesSyncBehavior",
                "outlook",
                "ownedDevices",
                "ownedObjects",
                "people",
                "permissionGrants",
                "photo",
                "photos",
                "planner",
                "presence",
                "print",
                "registeredDevices",
                "scopedRoleMemberOf",
                "settings",
                "solutions",
                "sponsorOf",
                "sponsors",
                "teamwork",
                "todo",
                "transitiveMemberOf",
            ],
            StringComparer.OrdinalIgnoreCase
        );

    /// <summary>Every property, in the order in which an answer shows them.</summary>
    public static ImmutableArray<UserProperty> All { get; } =
    [
        .. Kept,
        .. NullInSchema.Select(name => new UserProperty(name, Text)),
        .. EmptyInSchema.Select(name => new UserProperty(name, Texts)),
    ];

    /// <summary>What an answer shows without <c>$select</c>.</summary>
    public static ImmutableArray<UserProperty> Defaults { get; } = [.. All.Where(property => property.IsDefault)];

    private static readonly FrozenDictionary<string, UserProperty> ByName = All.ToFrozenDictionary(
        property => property.Name,
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>What can be asked of people.</summary>
    public static FilterSchema<PackedPerson> Schema { get; } =
        new(
            "microsoft.graph.user",
            All.Where(property => property.IsAskable)
                .Select(property => new FilterProperty<PackedPerson>(
                    property.Name,
                    property.Name == "id" ? FilterKind.Id
                        : property.Form == Flag ? FilterKind.Flag
                        : FilterKind.Text,
                    property.OfRow!
                )),
            [.. All.Select(property => property.Name), MailboxSettings, .. Navigations]
        );

    /// <summary>Whether a name may be selected of one person and not in a list.</summary>
    public static bool IsOfOneOnly(string name) => OfOneOnly.Contains(name);

    /// <summary>Whether the schema has a property of that name, in any letter case.</summary>
    public static bool IsKnown(string name) =>
        ByName.ContainsKey(name)
        || Navigations.Contains(name)
        || name.Equals(MailboxSettings, StringComparison.OrdinalIgnoreCase);

    /// <summary>A property that is written as a value, by its name in any letter case; null: there is none.</summary>
    public static UserProperty? Find(string name) => ByName.GetValueOrDefault(name);
}
