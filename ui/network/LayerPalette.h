#pragma once

#include "ui/widgets/Card.h"

#include <QAbstractListModel>

#include <string>
#include <vector>

class QLineEdit;
class QListView;

namespace limpid {

class Theme;

/// The catalogue as a list: a heading for each group, then its layers, and the network's blocks by their names; headings
/// can't be selected.
class LayerListModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { HeadingRole = Qt::UserRole + 1, LayerRole };
    explicit LayerListModel(QObject* parent = nullptr);

    /// Only layers whose name, group or description has the text.
    void setFilter(const QString& text);
    /// The blocks that may be used; `inside`: what is shown is a block, and may have inputs of its own.
    void setBlocks(const std::vector<std::string>& blocks, bool inside);
    /// "" for a heading, "Block:name" for a block.
    std::string layerAt(const QModelIndex& index) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    Qt::DropActions supportedDragActions() const override { return Qt::CopyAction; }

private:
    struct Row {
        QString text;
        std::string layer;   ///< empty: a heading
    };
    void fill();
    std::vector<Row> m_rows;
    std::vector<std::string> m_blocks;
    QString m_filter;
    bool m_inside = false;
};

/// The card at the left: find a layer, then double-click it, press Enter, or drag it onto the canvas.
class LayerPalette : public Card
{
    Q_OBJECT
public:
    explicit LayerPalette(const Theme& theme, QWidget* parent = nullptr);
    /// As LayerListModel::setBlocks.
    void setBlocks(const std::vector<std::string>& blocks, bool inside);

signals:
    void layerChosen(const std::string& type);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void choose(const QModelIndex& index);
    LayerListModel* m_model;
    QLineEdit* m_find;
    QListView* m_list;
};

} // namespace limpid
