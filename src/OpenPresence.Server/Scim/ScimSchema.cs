using System.Collections.Immutable;
using static OpenPresence.Server.Scim.ScimType;

namespace OpenPresence.Server.Scim;

/// <summary>
/// What a user is: the core schema and the enterprise extension of RFC 7643 as a table. Everything else reads from it:
/// bodies are checked against it, paths and filters resolved in it, and <c>/Schemas</c> shows what is kept.
/// </summary>
/// <param name="Id">The schema's URN.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">For <c>/Schemas</c>.</param>
/// <param name="Attributes">The attributes, those that are not kept included.</param>
internal sealed record ScimSchema(string Id, string Name, string Description, ImmutableArray<ScimAttribute> Attributes)
{
    public const string UserId = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string EnterpriseId = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    public static ScimSchema User { get; } =
        new(
            UserId,
            "User",
            "A person of the directory",
            [
                Text("id", "Given by this server, for ever") with
                {
                    IsReadOnly = true,
                    IsCaseExact = true,
                    IsUnique = true,
                },
                Text("externalId", "What the identity provider calls the person") with
                {
                    IsCaseExact = true,
                    IsUnique = true,
                },
                Text("userName", "The user principal name, in a domain of the tenant") with
                {
                    IsRequired = true,
                    IsUnique = true,
                },
                new("name", Complex, "The parts of the name")
                {
                    SubAttributes =
                    [
                        Text("givenName", "The given name"),
                        Text("familyName", "The family name"),
                        .. NotKeptOnes("formatted middleName honorificPrefix honorificSuffix"),
                    ],
                },
                Text("displayName", "What others see; without it, made of the names"),
                Text("title", "The job title"),
                Text("preferredLanguage", "As Accept-Language has it"),
                Text("timezone", "IANA name of the zone in which the person's days end"),
                new("active", Flag, "Whether the account is enabled; if not, nobody signs in with it"),
                Several("emails", "The mail address: the primary one, or that of type work", "work"),
                Several("phoneNumbers", "Business phones, and a mobile phone", "work", "mobile"),
                new("addresses", Complex, "The office")
                {
                    IsMultiValued = true,
                    SubAttributes =
                    [
                        Text("formatted", "The office location"),
                        Type("work"),
                        Primary,
                        .. NotKeptOnes("streetAddress locality region postalCode country"),
                    ],
                },
                .. NotKeptOnes("nickName profileUrl userType locale password ims photos"),
                .. NotKeptOnes("entitlements roles x509Certificates"),
                ReadOnly("meta"),
                ReadOnly("groups"),
                ReadOnly("schemas"),
            ]
        );

    public static ScimSchema Enterprise { get; } =
        new(
            EnterpriseId,
            "EnterpriseUser",
            "What a company adds",
            [
                Text("department", "The department"),
                .. NotKeptOnes("employeeNumber costCenter organization division manager"),
            ]
        );

    public static ImmutableArray<ScimSchema> All { get; } = [User, Enterprise];

    /// <summary>The schema of that URN, in any letter case; null: it is none of ours.</summary>
    public static ScimSchema? Find(ReadOnlySpan<char> id)
    {
        foreach (var schema in All)
        {
            if (id.Equals(schema.Id, StringComparison.OrdinalIgnoreCase))
            {
                return schema;
            }
        }
        return null;
    }

    private static ScimAttribute Primary => new("primary", Flag, "Whether it is the one that counts");

    private static ScimAttribute Text(string name, string description) => new(name, ScimType.Text, description);

    private static ScimAttribute Type(params ImmutableArray<string> values) =>
        Text("type", "What it is for") with
        {
            CanonicalValues = values,
        };

    private static ScimAttribute Several(string name, string description, params ImmutableArray<string> types) =>
        new(name, Complex, description)
        {
            IsMultiValued = true,
            SubAttributes =
            [
                Text("value", "The address or number"),
                Type(types),
                Primary,
                .. NotKeptOnes("display $ref"),
            ],
        };

    private static ScimAttribute ReadOnly(string name) => new(name, NotKept) { IsReadOnly = true };

    private static IEnumerable<ScimAttribute> NotKeptOnes(string names) =>
        names.Split(' ').Select(name => new ScimAttribute(name, NotKept));
}
