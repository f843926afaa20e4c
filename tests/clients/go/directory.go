package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	msgraphcore "github.com/microsoftgraph/msgraph-sdk-go-core"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"
)

const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

func people(ctx context.Context) error {
	asked := func(query users.UsersRequestBuilderGetQueryParameters) (models.UserCollectionResponseable, error) {
		configuration := &users.UsersRequestBuilderGetRequestConfiguration{QueryParameters: &query}
		if query.Search != nil {
			configuration.Headers = eventual()
		}
		return app.Users().Get(ctx, configuration)
	}

	first, err := asked(users.UsersRequestBuilderGetQueryParameters{Top: to(int32(5)), Select: []string{"id", "displayName"}})
	if err != nil {
		return err
	}
	pages, err := msgraphcore.NewPageIterator[models.Userable](
		first, app.GetAdapter(), models.CreateUserCollectionResponseFromDiscriminatorValue)
	if err != nil {
		return err
	}
	var names []string
	if err := pages.Iterate(ctx, func(user models.Userable) bool {
		names = append(names, text(user.GetDisplayName()))
		return true
	}); err != nil {
		return err
	}
	engineers, err := asked(users.UsersRequestBuilderGetQueryParameters{
		Filter: to("department eq 'Engineering' and startswith(displayName,'V')")})
	if err != nil {
		return err
	}
	found, err := asked(users.UsersRequestBuilderGetQueryParameters{Search: to(`"displayName:lindqvist"`), Count: to(true)})
	if err != nil {
		return err
	}
	count, err := app.Users().Count().Get(ctx, &users.CountRequestBuilderGetRequestConfiguration{Headers: eventual()})
	if err != nil {
		return err
	}
	return errors.Join(
		holds(slices.Contains(names, "Mara Lindqvist") && len(names) > 10, "names %v", names),
		holds(len(engineers.GetValue()) == 1 && text(engineers.GetValue()[0].GetId()) == viktor, "not Viktor"),
		holds(*found.GetOdataCount() == 1 && text(found.GetValue()[0].GetId()) == mara, "not Mara"),
		holds(int(*count) == len(names), "$count says %d", *count))
}

func eventual() *abstractions.RequestHeaders {
	headers := abstractions.NewRequestHeaders()
	headers.Add("ConsistencyLevel", "eventual")
	return headers
}

func onePerson(ctx context.Context) error {
	me, err := person.Me().Get(ctx, nil)
	if err != nil {
		return err
	}
	byName, err := app.Users().ByUserId(text(me.GetUserPrincipalName())).Get(ctx, nil)
	if err != nil {
		return err
	}
	around, err := person.Me().People().Get(ctx, nil)
	if err != nil {
		return err
	}
	_, noManager := app.Users().ByUserId(viktor).Manager().Get(ctx, nil)
	organizations, err := app.Organization().Get(ctx, nil)
	if err != nil {
		return err
	}
	organization := organizations.GetValue()[0]
	return errors.Join(
		holds(text(me.GetId()) == viktor && text(byName.GetId()) == viktor, "not Viktor"),
		holds(len(around.GetValue()) > 0, "nobody is near"),
		refused(noManager, 404, ""),
		holds(text(organization.GetId()) == tenant, "organization %s", text(organization.GetId())),
		holds(text(organization.GetVerifiedDomains()[0].GetName()) == "contoso.example", "another domain"))
}

func photo(ctx context.Context) error {
	maras := app.Users().ByUserId(mara)
	information, err := maras.Photo().Get(ctx, nil)
	if err != nil {
		return err
	}
	picture, err := maras.Photo().Content().Get(ctx, nil)
	if err != nil {
		return err
	}
	sizes, err := maras.Photos().Get(ctx, nil)
	if err != nil {
		return err
	}
	sized, err := maras.Photos().ByProfilePhotoId(text(sizes.GetValue()[0].GetId())).Content().Get(ctx, nil)
	if err != nil {
		return err
	}
	if err := holds(*information.GetWidth() > 0 && len(picture) > 1000 && len(sized) > 0, "no picture"); err != nil {
		return err
	}

	own, err := base64.StdEncoding.DecodeString(dot)
	if err != nil {
		return err
	}
	content := app.Users().ByUserId(viktor).Photo().Content()
	if _, err := content.Put(ctx, own, nil); err != nil {
		return fmt.Errorf("put: %w", err)
	}
	back, err := content.Get(ctx, nil)
	if err != nil {
		return fmt.Errorf("get: %w", err)
	}
	if err := content.Delete(ctx, nil); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	_, gone := content.Get(ctx, nil)
	return errors.Join(holds(bytes.Equal(back, own), "another picture"), refused(gone, 404, "ImageNotFound"))
}

func automaticReplies(ctx context.Context) error {
	reply := func(status models.AutomaticRepliesStatus, content *string) error {
		replies := models.NewAutomaticRepliesSetting()
		replies.SetStatus(&status)
		replies.SetInternalReplyMessage(content)
		settings := models.NewMailboxSettings()
		settings.SetAutomaticRepliesSetting(replies)
		_, err := person.Me().MailboxSettings().Patch(ctx, settings, nil)
		return err
	}
	if err := reply(models.ALWAYSENABLED_AUTOMATICREPLIESSTATUS, to("Back on Monday.")); err != nil {
		return err
	}
	settings, err := person.Me().MailboxSettings().Get(ctx, nil)
	if err != nil {
		return err
	}
	away, err := app.Users().ByUserId(viktor).Presence().Get(ctx, nil)
	if err != nil {
		return err
	}
	if err := reply(models.DISABLED_AUTOMATICREPLIESSTATUS, nil); err != nil {
		return err
	}
	back, err := app.Users().ByUserId(viktor).Presence().Get(ctx, nil)
	if err != nil {
		return err
	}
	said := text(settings.GetAutomaticRepliesSetting().GetInternalReplyMessage())
	return errors.Join(
		holds(said == "Back on Monday.", "%s", said),
		holds(text(away.GetOutOfOfficeSettings().GetMessage()) == "Back on Monday.", "not in the presence"),
		holds(!*back.GetOutOfOfficeSettings().GetIsOutOfOffice(), "still out of office"))
}
