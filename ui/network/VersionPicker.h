#pragma once

#include "core/store/Workspace.h"
#include "ui/widgets/FindPopup.h"

#include <QAbstractListModel>

#include <vector>

namespace limpid {

/// Versions of all models, the newest first, and those of them whose name or alias a text finds.
class VersionChoiceModel : public QAbstractListModel
{
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    void setModels(const std::vector<ModelSummary>& models);
    void setFilter(const QString& text);
    /// "NAME@VERSION".
    QString referenceAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        QString reference, beside;
        std::int64_t createdMs = 0;
    };
    std::vector<Row> m_all, m_rows;
};

/// A small list from which a saved model's version is chosen.
class VersionPicker : public FindPopup
{
    Q_OBJECT
public:
    VersionPicker(const Theme& theme, QWidget* parent);
    void open(const QPoint& globalPos, const std::vector<ModelSummary>& models, const QString& heading);

signals:
    void chosen(const QString& reference);

protected:
    void filter(const QString& text) override;
    void choose(int row) override;

private:
    VersionPicker(VersionChoiceModel* model, const Theme& theme, QWidget* parent);
    VersionChoiceModel* m_model;
};

} // namespace limpid
