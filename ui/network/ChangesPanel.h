#pragma once

#include "core/model/NetworkDiff.h"
#include "ui/widgets/Card.h"

#include <QAbstractListModel>

#include <optional>

class QLabel;
class QListView;

namespace limpid {

class Theme;

/// The changes from one network to another, a row each.
class ChangeModel : public QAbstractListModel
{
    Q_OBJECT
public:
    /// DisplayRole: what has changed; detailRole: how; signRole: "+", "-", "~", "="; the tooltip is a sentence of all of it.
    static constexpr int detailRole = Qt::UserRole + 1, signRole = Qt::UserRole + 2, kindRole = Qt::UserRole + 3;
    using QAbstractListModel::QAbstractListModel;

    void setChanges(std::vector<NodeChange> changes);
    const std::vector<NodeChange>& changes() const { return m_changes; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    std::vector<NodeChange> m_changes;
};

/// The card of what changed between a network and the one on the canvas. It is hidden while nothing is compared.
class ChangesPanel : public Card
{
    Q_OBJECT
public:
    ChangesPanel(const Theme& theme, QWidget* parent = nullptr);

    /// From now on; `name` says what it is.
    void compareWith(const NetworkSpec& before, const QString& name);
    void stop();
    /// How many rows are seen at once. Its height is fixed: the canvas beside it must not jump with each edit.
    void setShownRows(int rows);
    bool isComparing() const { return m_before.has_value(); }
    /// What is on the canvas now. Where nothing is compared it costs nothing.
    void show(const NetworkSpec& after);
    const std::vector<NodeChange>& changes() const { return m_model->changes(); }

signals:
    /// A row was chosen.
    void chosen(const limpid::NodeChange& change);
    /// Another network is compared, or none any more.
    void comparisonChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void choose(const QModelIndex& index);
    ChangeModel* m_model;
    QListView* m_list;
    QLabel* m_nothing;
    std::optional<NetworkSpec> m_before;
    QString m_name;
    bool m_refilling = false;    ///< the current row is not the user's
};

} // namespace limpid
