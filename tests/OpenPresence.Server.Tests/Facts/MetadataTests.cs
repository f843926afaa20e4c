using System.Xml;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Validation;
using OpenPresence.Server.Graph.Routing;
using OpenPresence.Server.Graph.Users;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Facts;

/// <summary>The schema that is answered at <c>/$metadata</c>.</summary>
public sealed class MetadataTests
{
    private static readonly IEdmModel Served = Load();

    [Fact]
    public void It_is_a_valid_model()
    {
        Served.Validate(out var errors);
        Assert.Empty(errors);
    }

    [Fact]
    public void Whatever_it_shares_with_Graph_s_own_is_of_the_same_type()
    {
        var compared = 0;
        foreach (var type in Served.SchemaElements.OfType<IEdmStructuredType>())
        {
            if (GraphModel.Model.FindType(((IEdmSchemaType)type).FullName()) is not IEdmStructuredType own)
            {
                continue;
            }
            foreach (var property in type.DeclaredProperties)
            {
                if (own.FindProperty(property.Name) is { } theirs)
                {
                    compared++;
                    Assert.Equal(theirs.Type.FullName(), property.Type.FullName());
                }
            }
        }
        Assert.True(compared > 100);
    }

    [Fact]
    public void Every_route_begins_in_the_container()
    {
        var known = Served.EntityContainer.Elements.Select(element => element.Name).ToHashSet();
        var first = GraphRoutes
            .Table.Select(route => route.Template.Split('/')[1])
            .Where(segment => !segment.StartsWith('$'));
        Assert.Superset(first.ToHashSet(), known);
    }

    [Fact]
    public void A_user_has_the_properties_that_can_be_selected_and_no_other()
    {
        var user = (IEdmStructuredType)Served.FindType("microsoft.graph.user");
        var selectable = UserProperties.All.Select(property => property.Name).Append(UserProperties.MailboxSettings);
        Assert.Equal(
            user.StructuralProperties().Select(property => property.Name).Order(StringComparer.Ordinal),
            selectable.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_relationship_of_a_user_can_be_selected()
    {
        var user = (IEdmStructuredType)Served.FindType("microsoft.graph.user");
        var relationships = user.NavigationProperties().Select(property => property.Name).ToList();
        Assert.NotEmpty(relationships);
        Assert.Superset(relationships.ToHashSet(), UserProperties.Navigations.ToHashSet());
    }

    [Fact]
    public void An_organization_has_the_properties_that_can_be_selected_and_no_other()
    {
        var organization = (IEdmStructuredType)Served.FindType("microsoft.graph.organization");
        Assert.Equal(
            organization.StructuralProperties().Select(property => property.Name).Order(StringComparer.Ordinal),
            OrganizationJson.Members.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_list_of_texts_is_a_list_in_the_schema_and_nothing_else_is()
    {
        var user = (IEdmStructuredType)Served.FindType("microsoft.graph.user");
        Assert.All(
            UserProperties.All,
            property =>
                Assert.Equal(
                    property.Form == UserPropertyForm.Texts,
                    user.FindProperty(property.Name)!.Type.IsCollection()
                )
        );
    }

    private static IEdmModel Load()
    {
        var file = Path.Combine(ProjectFiles.Root, "src/OpenPresence.Server/Graph/OData/graph.csdl.xml");
        using var xml = XmlReader.Create(file);
        return CsdlReader.TryParse(xml, out var model, out var errors)
            ? model
            : throw new InvalidDataException(string.Join('\n', errors));
    }
}
