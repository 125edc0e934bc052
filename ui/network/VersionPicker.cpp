#include "ui/network/VersionPicker.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace limpid {

void VersionChoiceModel::setModels(const std::vector<ModelSummary>& models)
{
    m_all.clear();
    for (const ModelSummary& model : models)
        for (const ModelVersion& version : model.versions) {
            QStringList beside;
            for (const std::string& alias : version.aliases)
                beside << QString::fromStdString(alias);
            beside << QLocale().toString(QDateTime::fromMSecsSinceEpoch(version.createdMs), QLocale::ShortFormat);
            m_all.push_back({QStringLiteral("%1@%2").arg(QString::fromStdString(model.name)).arg(version.version), beside.join(QStringLiteral(" · ")),
                             version.createdMs});
        }
    std::stable_sort(m_all.begin(), m_all.end(), [](const Row& a, const Row& b) { return a.createdMs > b.createdMs; });
    setFilter({});
}

void VersionChoiceModel::setFilter(const QString& text)
{
    const QString wanted = text.trimmed();
    beginResetModel();
    m_rows.clear();
    std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(m_rows), [&](const Row& row) {
        return row.reference.contains(wanted, Qt::CaseInsensitive) || row.beside.contains(wanted, Qt::CaseInsensitive);
    });
    endResetModel();
}

QString VersionChoiceModel::referenceAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)].reference : QString();
}

int VersionChoiceModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant VersionChoiceModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole)
        return row.reference;
    if (role == FindPopup::besideRole)
        return row.beside;
    return {};
}

VersionPicker::VersionPicker(const Theme& theme, QWidget* parent) : VersionPicker(new VersionChoiceModel, theme, parent) {}

VersionPicker::VersionPicker(VersionChoiceModel* model, const Theme& theme, QWidget* parent)
    : FindPopup("version", *model, theme, parent), m_model(model)
{
    m_model->setParent(this);
}

void VersionPicker::open(const QPoint& globalPos, const std::vector<ModelSummary>& models, const QString& heading)
{
    m_model->setModels(models);
    openAt(globalPos, heading, tr("Find a model or an alias"), tr("No such version."));
}

void VersionPicker::filter(const QString& text)
{
    m_model->setFilter(text);
}

void VersionPicker::choose(int row)
{
    emit chosen(m_model->referenceAt(row));
}

} // namespace limpid
