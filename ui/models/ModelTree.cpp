#include "ui/models/ModelTree.h"

#include "ui/models/RecordTexts.h"

#include <QFont>
#include <QSize>
#include <QStringList>

namespace limpid {

void ModelTree::setModels(const std::vector<ModelSummary>& models)
{
    beginResetModel();
    m_models = models;
    endResetModel();
}

const ModelVersion* ModelTree::versionAt(const QModelIndex& index) const
{
    if (!index.isValid())
        return nullptr;
    if (index.internalId() == 0) {
        const ModelSummary& model = m_models[static_cast<std::size_t>(index.row())];
        return model.versions.empty() ? nullptr : &model.versions.front();
    }
    return &m_models[index.internalId() - 1].versions[static_cast<std::size_t>(index.row())];
}

QModelIndex ModelTree::indexOf(const std::string& model, int version) const
{
    for (std::size_t i = 0; i < m_models.size(); ++i)
        if (m_models[i].name == model)
            for (std::size_t j = 0; j < m_models[i].versions.size(); ++j)
                if (m_models[i].versions[j].version == version)
                    return createIndex(static_cast<int>(j), 0, static_cast<quintptr>(i + 1));
    return {};
}

QModelIndex ModelTree::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row() + 1) : 0);
}

QModelIndex ModelTree::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == 0)
        return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, quintptr{0});
}

int ModelTree::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_models.size());
    if (parent.column() > 0 || parent.internalId() != 0)
        return 0;
    return static_cast<int>(m_models[static_cast<std::size_t>(parent.row())].versions.size());
}

QVariant ModelTree::data(const QModelIndex& index, int role) const
{
    const ModelVersion* version = versionAt(index);
    if (!version)
        return {};
    const bool isModel = index.internalId() == 0;
    if (role == Qt::SizeHintRole) // a tree takes no height from the style sheet
        return QSize(0, 28);
    if (role == Qt::DisplayRole && index.column() == 0) {
        if (isModel)
            return QString::fromStdString(m_models[static_cast<std::size_t>(index.row())].name);
        QStringList aliases;
        for (const std::string& alias : version->aliases)
            aliases << QString::fromStdString(alias);
        const QString text = tr("Version %1").arg(version->version);
        return aliases.isEmpty() ? text : text + " · " + aliases.join(", ");
    }
    if (role == Qt::DisplayRole) {
        if (!isModel)
            return mainMetricText(version->metrics);
        const std::size_t count = m_models[static_cast<std::size_t>(index.row())].versions.size();
        return count == 1 ? tr("1 version") : tr("%1 versions").arg(count);
    }
    if (role == Qt::TextAlignmentRole && index.column() == 1)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole)
        return tr("%1, version %2, made %3").arg(QString::fromStdString(version->model)).arg(version->version)
            .arg(dateText(version->createdMs));
    if (role == Qt::FontRole && isModel && index.column() == 0) {
        QFont font;
        font.setWeight(QFont::DemiBold);
        return font;
    }
    return {};
}

QVariant ModelTree::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Model") : tr("Validation");
}

} // namespace limpid
