#pragma once

#include "core/store/Workspace.h"

#include <QAbstractItemModel>

#include <vector>

namespace limpid {

/// Models, and under each its versions, newest first. Columns: name, main figure of the validation rows.
class ModelTree : public QAbstractItemModel
{
    Q_OBJECT
public:
    explicit ModelTree(QObject* parent = nullptr) : QAbstractItemModel(parent) {}

    void setModels(const std::vector<ModelSummary>& models);
    /// The version at an index; a model stands for its newest. nullptr for none.
    const ModelVersion* versionAt(const QModelIndex& index) const;
    QModelIndex indexOf(const std::string& model, int version) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& = {}) const override { return 2; }
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    // internalId: 0 for a model, 1 + the model's row for a version.
    std::vector<ModelSummary> m_models;
};

} // namespace limpid
